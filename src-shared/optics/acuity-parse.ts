/** Reads acuities as people type them (domain: optics-dispensing-lab §3.3). */
import {
  type Acuity,
  acuityRange,
  type LowVision,
  letterStep,
  logmarOfDecimal,
  logmarOfFraction,
  type MilliLogMar,
} from "./acuity.ts";
import { chartLines } from "./acuity-lines.ts";
import { notRead, type Parsed, read } from "./parsed.ts";
import { rounded } from "./rounding.ts";
import { oneSpelling } from "./spelling.ts";

export interface AcuityReading {
  /** What a number without a word or a sign is; a practice that works in logMAR sets it so. */
  readonly bare?: "decimal" | "logmar";
}

const low: Readonly<Record<string, LowVision>> = { cf: "CF", hm: "HM", pl: "PL", lp: "PL", npl: "NPL", nlp: "NPL" };
const lowForm = /^(cf|hm|pl|lp|npl|nlp)(?: ?(?:@|at)? ?(\d{1,3}(?:\.\d{1,2})?) ?(cm|m))?$/;
const decimals = "\\d{1,5}(?:\\.\\d)?|\\.\\d";
const fractionForm = new RegExp(`^(${decimals}) ?/ ?(${decimals})(?: ?([+-]) ?([1-9]))?$`);
const numberForm = /^([+-]?)(\d*)(?:\.(\d{1,3}))?(?: ?([+-]) ?([1-9]))?$/;
const blank: Omit<Acuity, "text" | "notation"> = {
  logmar: null,
  low: null,
  fraction: null,
  decimal: null,
  letters: 0,
  pinhole: false,
  distance_cm: null,
};

/**
 * Reads an acuity: `6/9-2`, `6/7.5`, `3/60`, `20/40+1`, `0.5`, `0.30 logMAR`, `-0.10`, `CF @ 50cm`, `HM`, `PL`, `NPL`,
 * each also with `ph` for a pinhole or `VA` in front. A number with a point is decimal unless told otherwise, one with
 * a sign can only be logMAR. Digits alone (`69`) are refused with the lines that they can mean, as is 0. Refuses what is
 * better than 6/3 or worse than logMAR 3.
 */
export function parseAcuity(text: string, { bare = "decimal" }: AcuityReading = {}): Parsed<Acuity> {
  const typed = text.trim();
  const tidied = oneSpelling(text)
    .replaceAll(",", ".")
    .replace(/^va:? ?/, "");
  const written = tidied.replace(/^ph:? ?| ?\(?ph\)?$/g, "");
  const pinhole = written !== tidied;
  if (written === "") return notRead("empty", "Enter an acuity.");
  const found =
    readLow(written) ?? readFraction(written) ?? readLogmar(written) ?? readNumber(written.replace(/ ?dec$/, ""), bare);
  if (!found) return notRead("unreadable", `${typed} is not an acuity. Write it like 6/9, 20/30 or 0.18 logMAR.`);
  return found.ok ? read({ ...found.value, text: typed, pinhole }) : found;
}

type Found = Parsed<Omit<Acuity, "text" | "pinhole">>;

function readLow(written: string): Found | null {
  const [, word = "", distance, unit] = lowForm.exec(written) ?? [];
  const seen = low[word];
  if (!seen) return null;
  const distance_cm = distance === undefined ? null : rounded(Number(distance) * (unit === "m" ? 100 : 1));
  // It is shown before the eye; what is further away was not meant, and could not be printed so that it reads again.
  if (distance_cm !== null && distance_cm > 999)
    return notRead("out_of_range", `${word.toUpperCase()} is shown within 10 metres. Write the distance like 50 cm.`);
  return read({ ...blank, notation: "low", low: seen, distance_cm });
}

function readFraction(written: string): Found | null {
  const match = fractionForm.exec(written);
  if (!match) return null;
  const [distance = 0, size = 0] = match.slice(1, 3).map((part) => rounded(Number(part) * 10));
  const notation = distance === 200 ? "feet" : "metres";
  if (notation === "metres" && (distance < 5 || distance > 60)) {
    return notRead("unreadable", "A fraction is over 6 metres or less, or over 20 feet: write it like 6/9 or 20/30.");
  }
  const logmar = logmarOfFraction({ distance, size });
  if (!logmar.ok) return notRead("out_of_range", logmar.message);
  return withLetters({ ...blank, notation, fraction: { distance, size } }, logmar.value, match[3], match[4]);
}

function withLetters(
  acuity: Omit<Acuity, "text" | "pinhole">,
  line: MilliLogMar,
  sign: string | undefined,
  count: string | undefined,
): Found {
  const letters = count === undefined ? 0 : Number(`${sign}${count}`);
  const logmar = line - letters * letterStep;
  return isAcuity(logmar) ? read({ ...acuity, logmar, letters }) : notRead("out_of_range", tooFar);
}

const tooFar = "No acuity is so good or so bad.";
const isAcuity = (logmar: MilliLogMar) => logmar >= acuityRange[0] && logmar <= acuityRange[1];

function readLogmar(written: string): Found | null {
  const number = /^(?:logmar:? ?(\S+)|(\S+) ?logmar)$/.exec(written);
  const match = number && /^[+-]?(?=\.?\d)\d*(?:\.\d{1,3})?$/.exec(number[1] ?? number[2] ?? "");
  if (!match) return null;
  const logmar = rounded(Number(match[0]) * 1000);
  return isAcuity(logmar) ? read({ ...blank, notation: "logmar", logmar }) : notRead("out_of_range", tooFar);
}

function readNumber(written: string, bare: "decimal" | "logmar"): Found | null {
  const match = numberForm.exec(written);
  if (!match) return null;
  const [, sign = "", whole = "", fraction, lettersSign, letters] = match;
  if (whole === "" && fraction === undefined) return null;
  if (fraction === undefined && sign === "") return lettersSign === undefined ? digitsAlone(whole) : null;
  if (sign !== "" || bare === "logmar") return lettersSign === undefined ? readLogmar(`${written} logmar`) : null;
  const decimal = Number(whole) * 1000 + Number(fraction?.padEnd(3, "0"));
  if (decimal === 0) return notRead("ambiguous", "0 is no decimal acuity. Write 0.00 logMAR, or NPL.", [0]);
  const logmar = logmarOfDecimal(decimal);
  if (!logmar.ok) return notRead("out_of_range", logmar.message);
  return withLetters({ ...blank, notation: "decimal", decimal }, logmar.value, lettersSign, letters);
}

/** What people mean by digits without a slash or a point: `69` 6/9, `9` 6/9, `2040` 20/40, `1` 1.0. */
const digitsMeant: readonly { readonly digits: string; readonly text: string; readonly logmar: MilliLogMar }[] = [
  ...chartLines.flatMap(({ metres: { distance, size }, feet, logmar }) => {
    const six = { text: `6/${size / 10}`, logmar };
    return [
      ...(distance === 60 ? [`${size / 10}`, `6${size / 10}`].map((digits) => ({ ...six, digits })) : []),
      { digits: `20${feet / 10}`, text: `20/${feet / 10}`, logmar },
    ];
  }),
  ...["1", "2"].map((digits) => ({ digits, text: `${digits}.0`, logmar: rounded(-1000 * Math.log10(Number(digits))) })),
];

function digitsAlone(digits: string): Found {
  const meant = digitsMeant.filter((one) => one.digits === digits);
  if (meant.length === 0) return notRead("unreadable", `${digits} is not an acuity. Write it with a slash, like 6/9.`);
  const list = meant.map(({ text }) => text).join(" or ");
  const nearest = meant.map(({ logmar }) => logmar);
  return notRead("ambiguous", `${digits} can be read in more than one way. If you mean ${list}, write it so.`, nearest);
}
