/** Words that invented patients are made of. No combination is meant to be a person. */

export const femaleNames = words(`
  Aisha, Alice, Amelia, Anita, Beatrice, Carol, Charlotte, Daisy, Deborah, Edith, Eileen, Ella, Emma,
  Fatima, Freya, Gillian, Grace, Harriet, Hazel, Imogen, Irene, Isla, Jacqueline, Janet, Joan, Judith,
  Karen, Kavita, Laura, Linda, Lucy, Maureen, Megan, Nadia, Nicola, Olivia, Patricia, Pauline, Poppy,
  Rachel, Rosalind, Samina, Sandra, Shirley, Susan, Tamara, Valerie, Wendy, Yasmin, Zofia
`);
export const maleNames = words(`
  Adrian, Ahmed, Albert, Andrew, Anthony, Arthur, Barry, Benjamin, Brian, Callum, Colin, Craig, Daniel,
  David, Dennis, Dominic, Edward, Frank, Gareth, George, Harold, Harvey, Ian, Imran, Jack, Jakub, Jeremy,
  Joseph, Keith, Kenneth, Leo, Malcolm, Martin, Mohammed, Neil, Nigel, Oliver, Owen, Patrick, Rajesh,
  Raymond, Roger, Samuel, Stanley, Stephen, Terence, Theo, Vikram, Walter, William
`);
export const familyNames = words(`
  Ackroyd, Ahmed, Akhtar, Appleyard, Armitage, Atkinson, Barraclough, Batty, Beaumont, Bentley, Boothroyd,
  Bottomley, Braithwaite, Broadbent, Butterworth, Chadwick, Chaudhry, Clegg, Copley, Crabtree, Crossley,
  Dawson, Denham, Dobson, Drake, Dyson, Earnshaw, Feather, Firth, Garside, Gaunt, Gill, Greenwood, Haigh,
  Hardcastle, Hargreaves, Hebden, Hinchcliffe, Holroyd, Hussain, Illingworth, Jagger, Jowett, Kaur, Kershaw,
  Khan, Kowalski, Lister, Lumb, Mallinson, Metcalfe, Midgley, Mistry, Murgatroyd, Naylor, Normington,
  Oldroyd, Patel, Pickles, Priestley, Ramsden, Rawnsley, Rhodes, Robertshaw, Schofield, Sharma, Shackleton,
  Stansfield, Sugden, Swift, Tempest, Thackray, Thwaite, Uttley, Varley, Wadsworth, Whitaker, Woodhead,
  Wrigley, Yeadon
`);
export const streets = words(`
  Beckside Lane, Canal Wharf, Chantry Rise, Cooper Row, Dalesway, Ellerby Grove, Fellside Avenue,
  Granary Court, Heather Bank, Ings Terrace, Kirkfield Road, Lower Mill Lane, Moorview Crescent,
  Orchard Garth, Paddock Hill, Quarry Mount, Rowan Walk, Saddler's Yard, Tenter Close, Weaver Street
`);
export const occupations = words(`
  Accountant, Baker, Bus driver, Care assistant, Carpenter, Delivery driver, Electrician, Farmer,
  Graphic designer, Hairdresser, Joiner, Lecturer, Librarian, Machinist, Nurse, Office manager, Paralegal,
  Plumber, Shop assistant, Software tester, Solicitor, Teacher, Warehouse operative, Welder
`);
export const allergies: readonly string[] = [
  "Nickel: skin reaction to metal frames",
  "Latex",
  "Penicillin",
  "Fluorescein drops: itching after instillation",
  "Preservatives in eye drops (benzalkonium chloride)",
  "Cyclopentolate: flushed and agitated in 2014",
];
/** Town and the postcode districts of its addresses, by branch code. */
export const towns = {
  LDS: { town: "Leeds", districts: ["LS6", "LS7", "LS8", "LS12", "LS16", "LS17"] },
  HRG: { town: "Harrogate", districts: ["HG1", "HG2", "HG3"] },
  YRK: { town: "York", districts: ["YO10", "YO23", "YO24", "YO31"] },
} as const;

function words(text: string): readonly string[] {
  return text.split(",").map((word) => word.trim());
}
