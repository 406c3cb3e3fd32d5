import { expect, test } from "vitest";
import { placeOf } from "../../../../src-shared/exams/diagram.ts";
import { strokeTools } from "../../../../src-shared/exams/items.ts";
import { addTexts } from "../../../ui/i18n.ts";
import { enGB } from "./en-GB.ts";
import { labelNumbers, strokesIn } from "./numbers.ts";
import { drawingWords } from "./words.ts";

addTexts("drawing", enGB);

const item = (id: string, data: object) => ({
  id,
  list: "stroke",
  data: { diagram: "posterior", eye: "l", tool: "drusen", note: null, ...data },
});
function drawn(items: readonly ReturnType<typeof item>[]) {
  const strokes = strokesIn(items);
  const numbers = labelNumbers(strokes);
  return [...strokes].map(([key, data]) => ({ key, data, number: numbers.get(key) }));
}

test("a drawing is told by what is where: notes first, symbols of a kind at one place counted together", () => {
  const words = drawingWords(
    drawn([
      item("a", { points: "640,560 -10,20 -20,6" }),
      item("b", { tool: "haemorrhage", points: "415,565 40,60" }),
      item("c", { tool: "label", points: "430,595 -90,110", note: "Flame haemorrhage" }),
      item("d", { tool: "label", points: "600,512 90,110" }),
    ]),
  );
  expect(words).toEqual([
    "1 Flame haemorrhage: disc margin, 5 o'clock, inferotemporal",
    "2: fovea",
    "2 × Drusen: macula, 5 o'clock, inferotemporal",
    "Drusen: macula, 6 o'clock, inferior",
    "Haemorrhage: disc margin, 5 o'clock, inferotemporal",
  ]);
});

test("labels of both diagrams are numbered together, in the order in which they were placed", () => {
  const items = [
    item("a", { tool: "label", points: "1,1" }),
    item("b", { tool: "pen", points: "1,1" }),
    item("c", { tool: "label", points: "1,1", diagram: "anterior" }),
    { id: "d", list: "pressure", data: {} },
  ];
  expect([...labelNumbers(strokesIn(items as never))]).toEqual([
    ["a", 1],
    ["c", 2],
  ]);
});

test("a stroke that a newer version draws otherwise is left out, the others stay", () => {
  const items = [item("a", { tool: "laser_scar", points: "1,1" }), item("b", { points: "1,1" })];
  expect([...strokesIn(items).keys()]).toEqual(["b"]);
});

test("every place and every tool has words", () => {
  for (const diagram of ["posterior", "anterior"] as const) {
    for (let x = 0; x <= 1000; x += 20) {
      for (let y = 0; y <= 1000; y += 20) {
        const { zone, sector } = placeOf(diagram, "r", { x, y });
        expect(enGB.zone).toHaveProperty(zone);
        if (sector) expect(enGB.sector).toHaveProperty(sector);
      }
    }
    for (const tool of [...strokeTools, "eraser"]) {
      expect(enGB.tool[diagram]).toHaveProperty(tool);
      expect(enGB.finding[diagram]).toHaveProperty(tool);
    }
  }
});
