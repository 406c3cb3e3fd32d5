/** What columns of a file can be, and what other systems call them. A person corrects the proposal. */
import { type ImportKind, importKinds } from "./finding.ts";

interface Target {
  readonly target: string;
  /** Headers as other systems write them, in small letters without anything but letters, digits. */
  readonly aliases: readonly string[];
  readonly needed?: boolean;
}
const is = (target: string, aliases: string, needed = false): Target => ({
  target,
  aliases: [target.replaceAll("_", ""), ...aliases.split(" ").filter(Boolean)],
  needed,
});

const key = is(
  "key",
  "patientno patientnumber patientid patid patno patref patientref ref reference id recordno recordnumber accountno account acno urn clientid clientno customerid custno px pxid pxno pxref",
);

/** Both eyes have the same columns; `right…`, `r…`, `od…` and so on are put before each name. */
const eyes = (["r", "l"] as const).flatMap((side) => {
  const before = side === "r" ? ["r", "right", "re", "od", "righteye"] : ["l", "left", "le", "os", "lefteye"];
  const of = (name: string, aliases: string) =>
    is(
      `${side}_${name}`,
      [name.replaceAll("_", ""), ...aliases.split(" ")]
        .filter(Boolean)
        .flatMap((alias) => [...before.map((word) => word + alias), ...before.slice(0, 2).map((word) => alias + word)])
        .join(" "),
    );
  return [
    of("sphere", "sph s distsph dsph"),
    of("cylinder", "cyl c distcyl dcyl"),
    of("axis", "ax a distaxis daxis"),
    of("add", "nearadd readingadd nadd near addition"),
    of("inter_add", "intermediateadd intadd iadd inter intermediate intermediateaddition"),
    of("prism", "prism1 hprism prismh horizontalprism"),
    of("base", "base1 prismbase hbase baseh horizontalbase basedir prismdirection"),
    of("prism_2", "vprism prismv verticalprism"),
    of("base_2", "vbase basev verticalbase prismbase2"),
    of("va", "distva dva visualacuity acuity vadist"),
  ];
});

export const targets: Readonly<Record<ImportKind, readonly Target[]>> = {
  patients: [
    key,
    is("title", "salutation prefix ttl"),
    is("given_name", "forename firstname first givenname forenames given firstnames"),
    is("family_name", "surname lastname last familyname family"),
    is("full_name", "name patientname patient pxname clientname fullname"),
    is("date_of_birth", "dob birthdate dateofbirth birthday born", true),
    is("sex", "gender"),
    is("mobile", "mobilephone mobileno mobilenumber mob cell cellphone mobiletel telmobile"),
    is("phone", "telephone tel homephone hometel phonehome telhome hometelephone phoneno phonenumber landline telno"),
    is("work_phone", "worktel telwork phonework worktelephone daytel daytimephone"),
    is("email", "emailaddress mail e-mail"),
    is("address_1", "address addressline1 add1 addr1 address1 street house addressstreet"),
    is("address_2", "addressline2 add2 addr2 address2 district"),
    is("address_3", "addressline3 add3 addr3 address3 town city posttown"),
    is("address_4", "addressline4 add4 addr4 address4 county"),
    is("postcode", "postalcode zip zipcode pcode"),
    is("health_number", "nhsnumber nhsno nhs nhsid"),
    is("doctor", "gp gpname gppractice gpsurgery surgery gpaddress doctorname"),
    is("occupation", "job employment"),
    is("recall", "recalldate nextrecall recalldue nextexam nexttest nexteyetest duedate sighttestdue eyeexamdue"),
    is("notes", "note comments comment memo remarks patientnotes"),
    is("may_text", "smsconsent textconsent allowsms allowtext sms oktotext"),
    is("may_email", "emailconsent allowemail oktoemail"),
  ],
  prescriptions: [
    key,
    is(
      "issued_on",
      "date examdate testdate sighttestdate rxdate prescriptiondate dateoftest eyeexamdate issued dispensedate",
      true,
    ),
    is("expires_on", "expiry expirydate validto expires rxexpiry"),
    is("prescriber", "optometrist optom practitioner clinician examiner testedby optician prescribedby"),
    ...eyes,
    is("bvd", "backvertexdistance vertexdistance vertex btd"),
    is("notes", "note comments comment remarks rxnotes"),
  ],
  orders: [
    { ...key, aliases: key.aliases.filter((alias) => !["ref", "reference", "id"].includes(alias)) },
    is("reference", "orderno ordernumber orderid orderref jobno jobnumber jobref ref id ticket"),
    is("description", "item items details order product frame dispense spectacles lens goods", true),
    is("supplier", "lab laboratory manufacturer"),
    is("ordered_on", "orderdate dateordered ordered date created"),
    is("due_on", "duedate due expected dateexpected promised promiseddate collectiondate"),
  ],
  balances: [
    key,
    is("amount", "amt balance outstanding amountdue owed owing total balancedue balanceoutstanding debt due", true),
    is("reference", "invoice invoiceno invoicenumber ref saleno transaction"),
    is("notes", "note comments comment description details"),
  ],
};

/** A header without what varies between systems. */
const plain = (header: string) => header.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

/** The columns of a line by names that are all different: the second `Sph` is `Sph (2)`. */
export function distinctHeaders(headers: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return headers.map((header) => {
    const nth = (seen.get(header) ?? 0) + 1;
    seen.set(header, nth);
    return nth === 1 || header === "" ? header : `${header} (${nth})`;
  });
}

/** Which column is what: target by index of the column, null for one that is not brought over. */
export type Mapping = readonly (string | null)[];

/** A proposal by the names of the columns; no two columns are the same. */
export function proposeMapping(kind: ImportKind, headers: readonly string[]): Mapping {
  const mapping: (string | null)[] = headers.map(() => null);
  const names = headers.map(plain);
  for (const { target, aliases } of targets[kind]) {
    for (const alias of aliases) {
      const index = names.findIndex((name, at) => mapping[at] === null && name === alias.replaceAll(/[^a-z0-9]/g, ""));
      if (index === -1) continue;
      mapping[index] = target;
      break;
    }
  }
  return mapping;
}

/** What people call such files. */
const named: Readonly<Record<ImportKind, RegExp>> = {
  patients: /patient|client|customer/i,
  prescriptions: /prescri|\brx|refraction|exam|test/i,
  orders: /order|job/i,
  balances: /balance|account|debt|owed/i,
};

/** What a file probably holds: the kind of which most columns are known, needed ones and the file's name counting more. */
export function guessKind(headers: readonly string[], fileName = ""): ImportKind {
  const score = (kind: ImportKind) => {
    const found = new Set(proposeMapping(kind, headers));
    const known = targets[kind].reduce(
      (sum, { target, needed }) => sum + (found.has(target) ? (needed ? 3 : 1) : 0),
      0,
    );
    return known + (named[kind].test(fileName) ? 2 : 0);
  };
  return importKinds.reduce((best, kind) => (score(kind) > score(best) ? kind : best));
}

/** What this mapping lacks before lines can be read, as targets; `name` stands for either way of writing one. */
export function missingTargets(kind: ImportKind, mapping: Mapping): string[] {
  const found = new Set(mapping);
  const missing = targets[kind]
    .filter(({ target, needed }) => needed && !found.has(target))
    .map(({ target }) => target);
  if (kind === "patients") {
    const named = found.has("full_name") || (found.has("given_name") && found.has("family_name"));
    return named ? missing : ["name", ...missing];
  }
  const eye = [...found].some((target) => target === "r_sphere" || target === "l_sphere");
  return [...(found.has("key") ? [] : ["key"]), ...missing, ...(kind === "prescriptions" && !eye ? ["r_sphere"] : [])];
}
