/** One happening with a patient, as the lists of the screen show it. */
import type { LucideIcon } from "lucide-react";
import type { Output } from "../../api/index.ts";
import { type Tone, translate } from "../../ui/index.ts";

export type Summary = Output<"patients.summary">;
export type TabName = "timeline" | "exams" | "rx" | "orders" | "money" | "cases" | "messages" | "files";

export interface Entry {
  readonly id: string;
  readonly tabs: readonly TabName[];
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Where the time of the day says nothing: papers from elsewhere. */
  readonly dayOnly?: boolean;
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text: string;
  /** Words of a person, shown whole. */
  readonly quote?: string;
  /** Minor units. */
  readonly amount?: number;
  readonly chip?: { readonly text: string; readonly tone?: Tone };
  /** Nobody changes it any more. */
  readonly locked?: boolean;
  readonly link?: string;
}

export const say = (key: string, values?: Record<string, unknown>) => translate("patients", key, values);
/** Sentences one after the other; what is not there is left out. */
export const sentence = (...parts: readonly (string | null | undefined | false)[]) => parts.filter(Boolean).join(" ");
/** A text with one full stop. */
export const stop = (text: string | null | undefined) => (text ? `${text.replace(/[.\s]+$/, "")}.` : "");
