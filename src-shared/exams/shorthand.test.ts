import { expect, test } from "vitest";
import { entryProblem } from "./check.ts";
import { type BuiltInSection, examFieldsBySection } from "./sections.ts";
import { readShorthand } from "./shorthand.ts";

const words = (code: string) => code.replaceAll("_", " ");
const read = (section: BuiltInSection, line: string) =>
  readShorthand(
    line,
    section,
    examFieldsBySection[section].map((field) => ({ field, label: words(field.key.slice(section.length + 1)) })),
    words,
  );

test.each<[BuiltInSection, string, Record<string, unknown>]>([
  ["anterior", "l:1+ NS", { "anterior.lens.r": "1+ NS", "anterior.lens.l": "1+ NS" }],
  [
    "anterior",
    "lids:clear; k r:scar at 4",
    { "anterior.lids.r": "clear", "anterior.lids.l": "clear", "anterior.cornea.r": "scar at 4" },
  ],
  ["anterior", "bulbar l: 1.5", { "anterior.bulbar_redness.l": 15 }],
  ["anterior", "note: dry", { "anterior.note": "dry" }],
  ["posterior", "disc r:0.5 healthy", { "posterior.cd_ratio.r": 50, "posterior.disc.r": "healthy" }],
  [
    "posterior",
    "c:d:0.4; m l: drusen",
    { "posterior.cd_ratio.r": 40, "posterior.cd_ratio.l": 40, "posterior.macula.l": "drusen" },
  ],
  ["posterior", "d.l: 0.65", { "posterior.cd_ratio.l": 65 }],
  ["vision", "unaided r:6/12; unaided both:6/9", { "vision.unaided.r": "6/12", "vision.unaided.b": "6/9" }],
  [
    "history",
    "gh:good; fh:glaucoma, diabetes",
    { "history.general": "good", "history.family": ["glaucoma", "diabetes"] },
  ],
  [
    "subjective",
    "r:+1.75/-0.50x085 add 2.50 6/6-1; l:pl",
    {
      "subjective.sphere.r": 1750,
      "subjective.cylinder.r": -500,
      "subjective.axis.r": 85,
      "subjective.add.r": 2500,
      "subjective.va.r": "6/6-1",
      "subjective.sphere.l": 0,
      "subjective.cylinder.l": null,
      "subjective.axis.l": null,
    },
  ],
])("%s: %s", (section, line, values) => {
  expect(read(section, line)).toEqual({ ok: true, values });
  for (const [key, value] of Object.entries(values)) expect(entryProblem({ key, value })).toBeNull();
});

test.each<[BuiltInSection, string, RegExp]>([
  ["anterior", "", /Write like/],
  ["anterior", "clear", /colon/],
  ["anterior", "lids:", /Say what/],
  ["anterior", "retina:flat", /no field retina/],
  ["anterior", "li:clear", /may be lids or lid margins or limbal redness/],
  ["anterior", "staining:7", /staining: It is|staining: A grade/],
  ["anterior", "lids r:clear; lids:oily", /named twice/],
  ["posterior", "lids:clear; note: x", /no field lids/],
  ["subjective", "r:+1.3", /steps of 0.25/],
  ["objective", "r:+1.00 add 2.00", /no add/],
])("%s refuses %j whole", (section, line, message) => {
  const result = read(section, line);
  expect(result.ok ? "" : result.message).toMatch(message);
});

test("every field of every section can be named by its own name", () => {
  for (const [section, fields] of Object.entries(examFieldsBySection)) {
    for (const field of fields) {
      const named = read(section as BuiltInSection, `${field.key.slice(section.length + 1)}:~`);
      if (!named.ok) expect(named.message).not.toMatch(/no field|may be/);
    }
  }
});
