/** A post code of the United Kingdom without its space: where the post goes out from, then a digit and two letters. */
const british = /^(GIR|[A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})$/;

/** A post code in its usual form: `ls62ab` is LS6 2AB. What is none of the United Kingdom stays as it was typed. */
export function usualPostcode(typed: string): string {
  const [, out, home] = british.exec(typed.replace(/\s/g, "").toUpperCase()) ?? [];
  return out && home ? `${out} ${home}` : typed;
}
