/** The papers that are printed on, and what the printer's page says of them. */

/** A4 and A5 sheets, and a roll of 80 mm as receipt and label printers take. */
export const paperSizes = ["a4", "a5", "roll"] as const;
export type PaperSize = (typeof paperSizes)[number];

const sizeKey = "horopter-paper";

/** What was printed on last at this PC. */
export function lastSize(): PaperSize {
  const last = localStorage.getItem(sizeKey);
  return paperSizes.find((size) => size === last) ?? "a4";
}
export function keepSize(size: PaperSize): void {
  localStorage.setItem(sizeKey, size);
}

/** At the foot of every page: whose paper it is, and which of how many. Empty texts print nothing. */
export interface Foot {
  readonly left: string;
  /** Text with `{{page}}` and `{{pages}}` for the numbers. */
  readonly right: string;
}

/**
 * The rules of a printed page. A roll has no pages: its length, in millimetres, is that of what stands on it. Margin
 * boxes are the only place where a browser counts pages; a style sheet of its own is the only way to say a name there.
 */
export function pageRules(size: PaperSize, { left, right }: Foot, length: number): string {
  if (size === "roll") return `@page roll { size: 80mm ${Math.ceil(length)}mm; margin: 0 }`;
  const look = "font: 8pt 'Inter Variable', sans-serif; color: #45525f; vertical-align: top; padding-top: 3mm";
  const counted = right
    .split(/(\{\{pages?\}\})/)
    .map((part) => (part === "{{page}}" ? "counter(page)" : part === "{{pages}}" ? "counter(pages)" : quoted(part)));
  return [
    `@page ${size} {`,
    `@bottom-left { content: ${quoted(left)}; width: 75%; text-align: left; ${look} }`,
    `@bottom-right { content: ${counted.join(" ")}; width: 25%; text-align: right; ${look} }`,
    "}",
  ].join("\n");
}

/** A text as CSS takes it, whatever stands in it. */
function quoted(text: string): string {
  return `"${text.replaceAll(/[^\p{L}\p{M}\p{N} ,.()·-]/gu, (sign) => `\\${sign.codePointAt(0)?.toString(16)} `)}"`;
}
