/** A barcode scanner is a fast keyboard: what tells it from hands, and what of its keys is the code. */

/** A scanner types faster than any hand, milliseconds between two keys. */
export const scannerPace = 40;
/** Keys in that pace after which it is a scanner; two or three so close are a hand that rolls. */
const enough = 4;
/** Characters of the shortest code. */
const shortest = 3;

/**
 * The code out of what a scanner sends: without the symbology in front (`]C1`, ISO/IEC 15424), the stars of Code 39,
 * spaces and control characters.
 */
export function readScan(text: string): string {
  return text
    .replace(/\p{Cc}/gu, "")
    .trim()
    .replace(/^\][A-Za-z]\w/, "")
    .replace(/^\*(.*)\*$/, "$1")
    .trim();
}

export interface ScanStep {
  /** The key is a scanner's: nobody else must act on it. */
  readonly scanning: boolean;
  /** A whole code, ended by the scanner's Enter or Tab. */
  readonly code: string | null;
}

/** Follows keys and says what was scanned. */
export function createScanReader() {
  let text = "";
  let last = Number.NEGATIVE_INFINITY;
  /** One key over and over is a hand in a hurry through a list. */
  const varied = () => new Set(text).size > 1;
  const take = (): string | null => {
    const code = readScan(text);
    text = "";
    return code.length >= shortest ? code : null;
  };
  return {
    /** `key` as a keyboard event names it, `at` in milliseconds. */
    key(key: string, at: number): ScanStep {
      const quick = at - last <= scannerPace;
      last = at;
      if (key === "Enter" || key === "Tab") {
        const code = quick && text.length >= shortest ? take() : null;
        text = "";
        return { scanning: code !== null, code };
      }
      if (key.length !== 1) return { scanning: false, code: null };
      text = quick ? text + key : key;
      return { scanning: text.length >= enough && varied(), code: null };
    },
    /** What a scanner that sends no end has sent, once it has been quiet. */
    rest(at: number): string | null {
      return at - last > scannerPace && text.length >= enough * 2 && varied() ? take() : null;
    },
  };
}
