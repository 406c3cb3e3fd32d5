/** Where the cursor goes: the fields of the record in the order of work. */
const stops = "[data-key]:not(:disabled)";
/** Room for the name above a field and for the message below it; and where a notice says why the cursor is there. */
const beside = 56;
export const besideNotice = 180;
const record = () => document.querySelector<HTMLElement>(".exam-record");

/** Enter moves on, Shift+Enter back. Behind the last field stands the act that ends the exam. */
export function moveOn(from: HTMLElement, back = false): void {
  const fields = [...(record()?.querySelectorAll<HTMLElement>(stops) ?? [])];
  const step = back ? -1 : 1;
  const stop = from.dataset.key ? from : from.closest("[data-group]")?.querySelector<HTMLElement>(stops);
  let index = fields.indexOf(stop ?? from) + step;
  while (fields[index] && (fields[index]?.dataset.skip === "yes" || fields[index]?.offsetParent === null))
    index += step;
  const next = fields[index];
  if (next) focusOn(next);
  else if (!back) document.querySelector<HTMLElement>(".footbar .btn.primary")?.focus();
}

/** `room`: pixels above and below it that are seen too. */
function focusOn(element: HTMLElement, room = beside): void {
  element.focus({ preventScroll: true });
  const page = element.closest<HTMLElement>(".body");
  if (!page) return;
  const [at, within] = [element.getBoundingClientRect(), page.getBoundingClientRect()];
  if (at.top < within.top + room) page.scrollTop += at.top - within.top - room;
  else if (at.bottom > within.bottom - room) page.scrollTop += at.bottom - within.bottom + room;
}

/** Brings an element to the top of the page, and moves nothing but the page. */
function bringUp(element: HTMLElement): void {
  const page = element.closest<HTMLElement>(".body");
  if (page) page.scrollTop += element.getBoundingClientRect().top - page.getBoundingClientRect().top;
}

export function focusKey(key: string, room = beside): boolean {
  const field = record()?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
  if (field) focusOn(field, room);
  return field !== undefined && field !== null;
}

/** Goes to what was begun and is kept nowhere: a refused part, a short line, a line of a list. False where nothing is. */
export function focusHalf(): boolean {
  const half = record()?.querySelector<HTMLElement>("[data-half]");
  if (half) focusOn(half, besideNotice);
  return half !== undefined && half !== null;
}

/** The section in which the cursor stands; the first one otherwise. */
export function currentSection(): string | null {
  const within = document.activeElement?.closest<HTMLElement>("[data-section]");
  return within?.dataset.section ?? null;
}

/** What somebody points at is what they want to see: folded or not, its first field has the cursor then. */
export function openSection(section: string): void {
  const head = record()?.querySelector<HTMLElement>(`[data-section="${section}"] h2 [aria-expanded="false"]`);
  head?.click();
  requestAnimationFrame(() => goToSection(section));
}

/** Brings a section up and puts the cursor into its first field, or on its name where it is folded. */
export function goToSection(section: string): void {
  const element = record()?.querySelector<HTMLElement>(`[data-section="${section}"]`);
  if (!element) return;
  bringUp(element);
  const first =
    element.querySelector<HTMLElement>(`${stops}:not([data-skip="yes"])`) ??
    element.querySelector<HTMLElement>(stops) ??
    element.querySelector<HTMLElement>("h2 button");
  first?.focus({ preventScroll: true });
}

/** Opens the line in which one more drop, pair, trial lens or diagnosis of the section is written. */
export function addToList(section: string | null): void {
  record()?.querySelector<HTMLElement>(`[data-section="${section}"] .add-item`)?.click();
}

/** The eye in whose row the cursor stands; the right one otherwise. */
export function eyeAtCursor(): "r" | "l" {
  return document.activeElement?.closest<HTMLElement>("[data-strip]")?.dataset.strip === "l" ? "l" : "r";
}

/** Goes to the prism of the eye in whose row the cursor stands, and unfolds it where there is none yet. */
export function goToPrism(section: string | null): void {
  const place = record()?.querySelector<HTMLElement>(`[data-section="${section}"]`);
  const eye = eyeAtCursor();
  const cell = place?.querySelector<HTMLElement>(`[data-key$=".prism_h.${eye}"], [data-key="${eye}_prism_h"]`);
  if (cell) focusOn(cell);
  else place?.querySelector<HTMLElement>(".add-prism")?.click();
}

/** The section so many further than the one with the cursor. */
export function stepSection(sections: readonly string[], by: 1 | -1): void {
  const current = currentSection();
  const index = current === null ? (by > 0 ? -1 : 1) : sections.indexOf(current);
  const next = sections[Math.max(0, Math.min(sections.length - 1, index + by))];
  if (next) goToSection(next);
}
