/** The first draft of a referral letter, out of what was found. A person edits and signs it. */
import type { Urgency } from "../../../../src-shared/exams/kinds.ts";
import type { ExamContent } from "../../../../src-shared/exams/record-content.ts";
import { formatEye, isEmpty } from "../../../../src-shared/optics/index.ts";
import { dateText, translate } from "../../../ui/index.ts";
import { type RecordSection, recordSections, titleOf } from "../record-model.ts";
import { wordOf } from "../words.ts";

/** What a letter can take along, each with the sections of the record that it is made of. */
export const letterParts = {
  history: ["history"],
  vision: ["vision"],
  refraction: ["subjective", "near", "given"],
  contact_lenses: ["contact_lenses"],
  binocular: ["binocular"],
  anterior: ["anterior"],
  pressure: ["pressure"],
  posterior: ["posterior", "findings"],
  fields: ["fields"],
  diagnosis: ["diagnosis"],
} as const;
export type LetterPart = keyof typeof letterParts;

export interface LetterBasis {
  readonly content: ExamContent;
  readonly patient: {
    readonly name: string;
    readonly born: string;
    readonly address: string | null;
    readonly phone: string | null;
    readonly healthNumber: string | null;
  };
  readonly toName: string;
  readonly urgency: Urgency;
  readonly reason: string;
  readonly examinedOn: string;
  readonly branch: string;
  readonly zone: string;
}

const t = (key: string, values?: Record<string, unknown>) => translate("papers", `letter.${key}`, values);

/** Which parts hold something to say. */
export function partsWith(content: ExamContent, zone: string): readonly LetterPart[] {
  const held = new Set(recordSections(content, content, { zone }).map(({ section }) => section));
  return (Object.keys(letterParts) as LetterPart[]).filter((part) => letterParts[part].some((name) => held.has(name)));
}

/** The letter: whom it is about, why, and the findings of the chosen parts, a line each. */
export function letterText(basis: LetterBasis, include: readonly LetterPart[]): string {
  const { content, patient, zone } = basis;
  const wanted = new Set<string>(include.flatMap((part) => letterParts[part]));
  const found = recordSections(content, content, { zone })
    .filter(({ section }) => wanted.has(section))
    .flatMap(sectionText);
  const about = [
    t("re", { name: patient.name, born: dateText(patient.born) }),
    patient.address,
    patient.phone ? t("phone", { phone: patient.phone }) : null,
    patient.healthNumber ? t("number", { number: patient.healthNumber }) : null,
  ];
  return [
    t("dear", { name: basis.toName || t("colleague") }),
    about.filter(Boolean).join("\n"),
    [t("opening", { date: dateText(basis.examinedOn), branch: basis.branch }), t(`soon.${basis.urgency}`), basis.reason]
      .filter(Boolean)
      .join(" "),
    ...(found.length > 0 ? [[t("found"), ...found].join("\n")] : []),
    t("closing"),
  ].join("\n\n");
}

/** A section in a paragraph; fields of which both eyes say the same are said together. */
function sectionText({ title, rx, lines, entries }: RecordSection): string[] {
  const eyes = rx
    ? (["r", "l"] as const).filter((eye) => !isEmpty(rx[eye])).map((eye) => `${wordOf(eye)} ${formatEye(rx[eye])}`)
    : [];
  const said: { readonly labels: string[]; readonly text: string }[] = [];
  for (const { label, cells } of lines) {
    const text = textOf(cells);
    const last = said.at(-1);
    const alike = cells.r !== undefined && last?.text === text;
    if (alike) last.labels.push(label.charAt(0).toLowerCase() + label.slice(1));
    else said.push({ labels: [label], text });
  }
  const all = [
    ...(eyes.length > 0 ? [eyes.join("; ")] : []),
    ...said.map(({ labels, text }) => `${labels.join(", ")}: ${text}`),
    ...entries.map(({ text }) => text),
  ];
  return all.length > 0 ? [[title, ...all].map((each) => each.replace(/(?<![.!?])$/, ".")).join(" ")] : [];
}

function textOf({ one, r, l, b }: RecordSection["lines"][number]["cells"]): string {
  if (one) return one.text;
  if (r && r.text === l?.text && !b) return t("bothEyes", { text: r.text });
  const eyes = [
    ["r", r],
    ["l", l],
    ["b", b],
  ] as const;
  return eyes.flatMap(([eye, cell]) => (cell?.text ? [`${wordOf(eye).toLowerCase()} ${cell.text}`] : [])).join(", ");
}

/** Whether a line of a letter is or begins with a heading of ours: how much of it, else 0. */
export function headingIn(line: string): number {
  if (line === t("found") || line.startsWith(t("re", { name: "", born: "" }).slice(0, 3))) return line.length;
  const heading = Object.values(letterParts)
    .flat()
    .map((section) => `${titleOf(section, {})}.`)
    .find((each) => line.startsWith(each));
  return heading?.length ?? 0;
}
