/** What fields and their codes are called on the screen. */
import { questionKey } from "../../../src-shared/exams/check.ts";
import type { ExamField } from "../../../src-shared/exams/field.ts";
import type { FormSections } from "../../../src-shared/exams/form.ts";
import { outcomes } from "../../../src-shared/exams/record-content.ts";
import { type BuiltInSection, examFieldsBySection, sectionKeys } from "../../../src-shared/exams/sections.ts";
import type { Output } from "../../api/index.ts";
import { translate } from "../../ui/index.ts";
import { enGB } from "./words-en-GB.ts";

type Question = Output<"exams.get">["questions"][number];

/** The words of a code; what is no code is its own words. */
export function wordOf(code: string): string {
  if (code in enGB.options) return translate("exams", `options.${code}`);
  return (outcomes as readonly string[]).includes(code) ? translate("today", `outcome.${code}`) : code;
}
/** Codes of an early recall are numbers that people know: the words begin with them. */
export function earlyWord(code: string): string {
  const key = code.replace(".", "_");
  return key in enGB.earlyCodes ? translate("exams", `earlyCodes.${key}`) : code;
}

/** A field as it stands on the screen. */
export interface ShownField {
  readonly field: ExamField;
  readonly label: string;
}
export interface ShownSection {
  readonly section: string;
  readonly label: string;
  readonly fields: readonly ShownField[];
  /** Questions of the practice's own, below the fields. */
  readonly questions: readonly ShownField[];
  readonly folded: boolean;
}

export function labelOf(key: string): string {
  return translate("exams", key.includes(".") ? `fields.${key}` : `columns.${key}`);
}

/** The form with its fields and questions, as the screen goes through it. */
export function shownForm(form: FormSections, questions: readonly Question[]): readonly ShownSection[] {
  return form.map(({ section, label, hidden, folded }) => {
    const builtIn = (sectionKeys as readonly string[]).includes(section);
    const fields = builtIn ? examFieldsBySection[section as BuiltInSection] : [];
    return {
      section,
      label: label ?? (builtIn ? translate("exams", `sections.${section}`) : section.replace("own_", "")),
      folded,
      fields: fields.filter(({ key }) => !hidden.includes(key)).map((field) => ({ field, label: labelOf(field.key) })),
      questions: questions.filter((question) => question.section === section).map(askedField),
    };
  });
}

const shapes = {
  text: () => ({ kind: "text", max: 400 }),
  choice: (options) => ({ kind: "choice", options, free: true }),
  many: (options) => ({ kind: "many", options, free: true }),
  yes_no: () => ({ kind: "yes_no" }),
  number: (_, unit) => ({ kind: "number", unit: unit ?? "", min: -1_000_000, max: 1_000_000 }),
} as const satisfies Record<Question["kind"], (options: readonly string[], unit: string | null) => ExamField["shape"]>;

function askedField({ id, section, label, kind, options, unit, perEye }: Question): ShownField {
  return {
    label,
    field: {
      key: questionKey(section, id),
      section: section as ExamField["section"],
      shape: shapes[kind](options, unit),
      eyes: perEye ? "rl" : "none",
    },
  };
}

/** What a key is called away from its place: `Sphere, right`. */
export function entryLabel(form: readonly ShownSection[], key: string): string {
  const [, base = key, eye = null] = /^(.+)\.([rlb])$/.exec(key) ?? [];
  const known = form
    .flatMap(({ fields, questions }) => [...fields, ...questions])
    .find(({ field }) => field.key === base || field.key === key);
  const column = /^([rl])_(\w+)$/.exec(key);
  if (column) return `${labelOf(column[2] ?? "")}, ${wordOf(column[1] ?? "").toLowerCase()}`;
  return (known?.label ?? labelOf(base)) + (eye ? `, ${wordOf(eye).toLowerCase()}` : "");
}
