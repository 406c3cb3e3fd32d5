/** Where a number is from, in words of a practice: what the code refers to by a section or a key is named. */

/** Sources by their key, and the words by which a text may have named one already. */
const named: Readonly<Record<string, readonly [name: string, said: RegExp]>> = {
  S12: ["software guides for progressive lenses", /progressive/i],
  S26: ["order systems of lens laboratories", /laborator/i],
  S35: ["published vertex distance formulae", /formula/i],
  S37: ["guidance of the College of Optometrists", /College of Optometrists/],
  S38: ["FODO, sight-test intervals", /FODO|memorandum/i],
  S39: ["Opticians Act 1989 and ABDO guidance", /Opticians Act/],
  S44: ["NICE NG81", /NG81/],
};

export function sourceWords(source: string): string {
  const text = source
    .replace(/\bdomain(?:: optics-dispensing-lab)? §[\d.]*\d[.,]?\s*/g, "")
    .replace(/\bVCA order importers\b/g, "lens orders in the VCA standard")
    .replace(/\bnctReadings:/g, "Readings by air puff:")
    .replace(/\bkAxes:/g, "Axes of the cornea:");
  return text
    .replace(/\s*\[(S\d+[a-z]?)\]/g, (_, key: string) => {
      const [name, said] = named[key] ?? [];
      return name && said && !said.test(text) ? ` (${name})` : "";
    })
    .trim();
}
