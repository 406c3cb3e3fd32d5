/** The first draft of a referral letter, out of what was found. A person edits and signs it. */
import type { Urgency } from "../../../../src-shared/exams/kinds.ts";
import type { ExamContent } from "../../../../src-shared/exams/record-content.ts";
import { formatEye, isEmpty } from "../../../../src-shared/optics/index.ts";
import { dateText, translate } from "../../../ui/index.ts";
import { type RecordSection, recordSections } from "../record-model.ts";
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
    readonly healthNumber: string | null;
  };
  readonly toName: string;
  readonly urgency: Urgency;
  readonly reason: string;
  readonly examinedOn: string;
  readonly branch: string;
  readonly author: string;
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
    patient.healthNumber ? t("number", { number: patient.healthNumber }) : null,
    patient.address,
  ];
  return [
    t("dear", { name: basis.toName || t("colleague") }),
    about.filter(Boolean).join(", "),
    [t("opening", { date: dateText(basis.examinedOn), branch: basis.branch }), t(`soon.${basis.urgency}`), basis.reason]
      .filter(Boolean)
      .join(" "),
    ...(found.length > 0 ? [[t("found"), ...found].join("\n")] : []),
    `${t("closing")}\n${basis.author}`,
  ].join("\n\n");
}

function sectionText({ title, rx, lines, entries }: RecordSection): string[] {
  const eyes = rx
    ? (["r", "l"] as const).filter((eye) => !isEmpty(rx[eye])).map((eye) => `${wordOf(eye)} ${formatEye(rx[eye])}`)
    : [];
  const said = lines.map(({ label, cells: { one, r, l, b } }) => {
    const eyeText = (
      [
        ["r", r],
        ["l", l],
        ["b", b],
      ] as const
    ).flatMap(([eye, cell]) => (cell?.text ? [`${wordOf(eye).toLowerCase()} ${cell.text}`] : []));
    return `${label}: ${one ? one.text : eyeText.join(", ")}`;
  });
  const all = [...(eyes.length > 0 ? [eyes.join("; ")] : []), ...said, ...entries.map(({ text }) => text)];
  return all.length > 0 ? [[title, ...all].map((said) => said.replace(/(?<![.!?])$/, ".")).join(" ")] : [];
}
