/** What there can be several of in an exam, as the record says it in a line. */

import { itemSchemas } from "../../../src-shared/exams/items.ts";
import type { ExamContent } from "../../../src-shared/exams/record-content.ts";
import { decodePoints } from "../../../src-shared/exams/strokes.ts";
import { formatEyeShort } from "../../../src-shared/optics/index.ts";
import { dateText, instantText, translate } from "../../ui/index.ts";
import { placeWords } from "./drawing/words.ts";
import { wordOf } from "./words.ts";

type Data = Readonly<Record<string, unknown>>;
const t = (key: string, values?: Record<string, unknown>) => translate("record", key, values);
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const eyeWord = (eye: unknown): string => (typeof eye === "string" ? wordOf(eye) : "");
const join = (...parts: readonly (string | false | null | undefined)[]) => parts.filter(Boolean).join(", ");
const time = (at: unknown, zone: string) => (typeof at === "number" ? instantText(at, zone, "time") : "");
const power = (data: Data) =>
  formatEyeShort({
    sphere: (data.sphere as number | null) ?? null,
    cylinder: (data.cylinder as number | null) ?? null,
    axis: (data.axis as number | null) ?? null,
    prism_h: null,
    base_h: null,
    prism_v: null,
    base_v: null,
    add: null,
  });

/** `Haemorrhage, disc margin, 5 o'clock`; a stroke of a newer version by its tool alone. */
function strokeWords(data: Data): string {
  const stroke = itemSchemas.stroke.safeParse(data).data;
  if (!stroke) return wordOf(text(data.tool));
  const [first] = decodePoints(stroke.points);
  const finding = translate("drawing", `finding.${stroke.diagram}.${stroke.tool}`);
  return join(finding, first ? placeWords(stroke.diagram, stroke.eye, first) : null);
}

/** In which section a list is shown. */
export const sectionOfList: Readonly<Record<string, string>> = {
  pressure: "pressure",
  drops: "drops",
  specs: "specs",
  lens_trial: "contact_lenses",
  diagnosis: "diagnosis",
  declined: "declined",
  supervision: "supervision",
};

/** One entry of a list in words; times are shown in the branch's zone. */
export function itemWords(list: string, data: Data, zone: string, questions: ExamContent["questions"] = {}): string {
  switch (list) {
    case "pressure":
      return join(
        `${eyeWord(data.eye)} ${((data.value as number) / 10).toFixed(data.value === Math.round((data.value as number) / 10) * 10 ? 0 : 1)} mmHg`,
        wordOf(text(data.method)),
        time(data.at, zone),
        text(data.note),
      );
    case "drops":
      return join(
        [text(data.drug), text(data.strength)].filter(Boolean).join(" "),
        eyeWord(data.eye).toLowerCase(),
        t("dropsCount", { count: Number(data.drops) }),
        time(data.at, zone),
        data.batch ? t("batch", { batch: text(data.batch) }) : null,
        data.expires_on ? t("expires", { date: dateText(text(data.expires_on)) }) : null,
      );
    case "specs":
      return join(
        wordOf(text(data.use)),
        ...(["r", "l"] as const).map((eye) => {
          const cells = data[eye] as Data | null;
          const words = cells ? power(cells) : "";
          return words ? `${eye.toUpperCase()} ${words}` : null;
        }),
        text(data.note),
      );
    case "lens_trial":
      return join(
        eyeWord(data.eye),
        text(data.lens),
        // As the lens of the specification is written: base curve, then diameter.
        ...[data.base_curve, data.diameter].map((size) => (typeof size === "number" ? (size / 100).toFixed(2) : null)),
        power(data),
        text(data.va),
        text(data.fit),
      );
    case "diagnosis":
      return join(
        [text(data.text), data.eye ? eyeWord(data.eye).toLowerCase() : ""].filter(Boolean).join(" "),
        data.certain === false ? t("suspected") : null,
      );
    case "declined": {
      const test = text(data.test);
      const question = /\.q([0-9a-f]{32})/.exec(test)?.[1];
      const said = question ? (questions[question]?.label ?? t("ownQuestion")) : test;
      const name = translate("record", `expected.${test}`, { defaultValue: said });
      return [`${name}: ${text(data.reason)}`, data.advice ? t("advised", { advice: text(data.advice) }) : null]
        .filter(Boolean)
        .join(". ");
    }
    case "supervision":
      return text(data.note);
    case "stroke":
      return join(eyeWord(data.eye), strokeWords(data), text(data.note));
    default:
      return JSON.stringify(data);
  }
}
