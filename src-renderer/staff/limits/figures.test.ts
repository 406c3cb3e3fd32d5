import fc from "fast-check";
import { expect, test } from "vitest";
import { figures, figureText, readFigure } from "./figures.ts";

test("what is shown reads back as itself, in every unit", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.values(figures)),
      fc.integer({ min: -60_000, max: 60_000 }),
      (figure, value) => {
        expect(readFigure(figureText(value, figure), figure)).toBe(value);
        expect(readFigure(`${figureText(value, figure)} ${figure.unit}`, figure)).toBe(value);
      },
    ),
  );
});

test.each([
  ["signedPower", 20_000, "+20.00"],
  ["signedPower", -39_000, "−39.00"],
  ["signedPower", 0, "0.00"],
  ["power", 125, "0.125"],
  ["pressure", 239, "23.9"],
  ["pressure", 800, "80"],
  ["fineMm", 680, "6.80"],
  ["degrees", -10, "−10"],
  ["mm", null, ""],
] as const)("%s %s is shown as %s", (name, value, text) => {
  expect(figureText(value, figures[name])).toBe(text);
});

test("what is finer than it is kept, or no number, is refused; an empty field is an open end", () => {
  expect(readFigure("12,5", figures.mm)).toBe(125);
  expect(readFigure("12.55", figures.mm)).toBe("finer");
  expect(readFigure("wide", figures.mm)).toBe("unreadable");
  expect(readFigure(" ", figures.mm)).toBeNull();
});
