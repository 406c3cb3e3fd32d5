import { expect, test } from "vitest";
import { normalValues } from "./normal.ts";
import { examFieldsBySection } from "./sections.ts";

const { posterior } = examFieldsBySection;

test("fills what is empty and leaves what is written, eye by eye", () => {
  const written: Record<string, unknown> = { "posterior.disc.l": "thin inferior rim", "posterior.vessels.r": null };
  const left = normalValues(posterior, (key) => written[key], "l");
  expect(left).toHaveProperty(["posterior.macula.l"], "flat_reflex");
  expect(left).not.toHaveProperty(["posterior.disc.l"]);
  expect(Object.keys(left).every((key) => key.endsWith(".l"))).toBe(true);
  const both = normalValues(posterior, (key) => written[key]);
  expect(both).toHaveProperty(["posterior.macula.r"], "flat_reflex");
  expect(both).not.toHaveProperty(["posterior.disc.l"]);
});

test("twice says nothing new, and a field that the practice hides is not filled", () => {
  const once = normalValues(posterior, () => null);
  expect(normalValues(posterior, (key) => once[key])).toEqual({});
  const shown = posterior.filter(({ key }) => key !== "posterior.macula");
  expect(normalValues(shown, () => null)).not.toHaveProperty(["posterior.macula.r"]);
});

test("the family is not said to be healthy where a note says what they have", () => {
  const history = examFieldsBySection.history;
  expect(normalValues(history, () => null)["history.family"]).toEqual(["none_known"]);
  const written = (key: string) => (key === "history.family_note" ? "Mother: glaucoma" : null);
  expect(normalValues(history, written)).not.toHaveProperty("history.family");
});
