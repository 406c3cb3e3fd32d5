/** How a field of an exam is declared: what it is called in storage, how it is filled in, what counts as normal. */
import type { MeasureQuantity } from "../optics/index.ts";
import type { SectionKey } from "./sections.ts";

/** What the value of a field is. Numbers are integers in the stated unit. */
export type FieldShape =
  /** `refraction`: what reads as a written refraction has powers that an eye can have; other words are words. */
  | { readonly kind: "text"; readonly max: number; readonly long?: boolean; readonly refraction?: boolean }
  /** One word of the list, or free text where `free` is set. */
  | { readonly kind: "choice"; readonly options: readonly string[]; readonly free?: boolean }
  | { readonly kind: "many"; readonly options: readonly string[]; readonly free?: boolean }
  | { readonly kind: "yes_no" }
  /** `step` and limits in the stored unit; `scale`: how many of it make one of what people read (10: tenths). */
  | {
      readonly kind: "number";
      readonly unit: string;
      readonly min: number;
      readonly max: number;
      readonly warn?: readonly [least: number, most: number];
      readonly scale?: 1 | 10 | 100 | 1000;
      /** The table of limits has the last word on it, besides `min` and `max`, and says what is usual. */
      readonly quantity?: MeasureQuantity;
    }
  /** As typed and printed: `6/9-2`, `N5`, `CF`; at most 24 letters unless said otherwise. */
  | { readonly kind: "acuity"; readonly max?: number }
  | { readonly kind: "power"; readonly quantity: "sphere" | "cylinder" | "add" }
  | { readonly kind: "axis" }
  /** Prism in hundredths of a prism dioptre. */
  | { readonly kind: "prism"; readonly way: "horizontal" | "vertical" }
  | { readonly kind: "base"; readonly options: readonly ["in", "out"] | readonly ["up", "down"] }
  /** 0 to 4 in tenths, as grading scales are used. */
  | { readonly kind: "grade" }
  /** `ofMonth`: a month is its last day, as bottles print their expiry. */
  | { readonly kind: "date"; readonly ofMonth?: boolean }
  /** One contact lens: see `contact-lens.ts`. */
  | { readonly kind: "lens" };

export type FieldEyes = "none" | "rl" | "rlb";

export interface ExamField {
  /** `<section>.<name>`; with `.r`, `.l` or `.b` behind it where the field is asked per eye. */
  readonly key: string;
  readonly section: SectionKey;
  readonly shape: FieldShape;
  readonly eyes: FieldEyes;
  /** The value that "all normal" fills in. */
  readonly normal?: unknown;
}
