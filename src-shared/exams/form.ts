/** What a practice, or a role of it, sees of an exam: its sections in their order, and which fields of them. */
import { z } from "zod";
import type { ExamKind } from "./kinds.ts";
import { line } from "./line.ts";
import { isSectionKey, sectionKeys } from "./sections.ts";

export const formSectionsSchema = z
  .array(
    z.object({
      section: z.string().refine(isSectionKey, "no section of an exam"),
      /** The name of a section of the practice's own; built-in ones have theirs. */
      label: line(80).nullable().default(null),
      /** Keys of fields that are not shown. What stands in one is kept and shown in the record. */
      hidden: z.array(line(80)).max(100).default([]),
      folded: z.boolean().default(false),
    }),
  )
  .min(1)
  .max(40)
  .refine((sections) => new Set(sections.map(({ section }) => section)).size === sections.length, "a section twice");
export type FormSections = z.output<typeof formSectionsSchema>;

/** What everybody sees until somebody says otherwise. */
export const defaultForm: FormSections = sectionKeys.map((section) => ({
  section,
  label: null,
  hidden: [],
  folded: section === "keratometry" || section === "contact_lenses",
}));

/** Whether a section is folded until somebody opens it: a visit about contact lenses has theirs open. */
export function isFolded(section: string, folded: boolean, kind: ExamKind | null): boolean {
  if (section !== "contact_lenses") return folded;
  return folded && kind !== "contact_lens_fit" && kind !== "contact_lens_aftercare";
}
