/** One spelling for the signs that people type, so that each reader below looks for one of each. */

/** Lower case, with one kind of minus, multiplication sign, prism sign and blank, and none at the ends. */
export function oneSpelling(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[\u2212\u2013]/g, "-")
    .replaceAll(/[×✕]/g, "x")
    .replaceAll(/[δ∆△^]/g, "δ")
    .replaceAll("º", "°")
    .replaceAll(/\s+/g, " ")
    .trim();
}

/** An unsigned number, with a point or a comma, as part of a pattern. */
export const numberForm = "(?:\\d+(?:[.,]\\d*)?|[.,]\\d+)";
