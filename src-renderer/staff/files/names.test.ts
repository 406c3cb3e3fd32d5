import { expect, test } from "vitest";
import { eyeIn, kindIn } from "./names.ts";

test.each([
  ["Ellison_OD_2026.jpg", "r"],
  ["fundus-left.png", "l"],
  ["OS.jpg", "l"],
  ["R.tif", "r"],
  ["fundus_OD_OS.jpg", null],
  ["GP letter.pdf", null],
  ["roller.png", null],
])("the eye in the name %s is %s", (name, eye) => {
  expect(eyeIn(name)).toBe(eye);
});

test("what a file is called says what it is, among what is offered here", () => {
  const imaging = ["fundus", "oct", "visual_field", "photograph", "document"] as const;
  expect(kindIn("OCT macula OD.png", imaging)).toBe("oct");
  expect(kindIn("HFA-24-2.pdf", imaging)).toBe("visual_field");
  expect(kindIn("scan.pdf", imaging)).toBe("document");
  expect(kindIn("IMG_0412.jpg", imaging)).toBe("fundus");
  expect(kindIn("scan.pdf", ["photograph", "letter", "document"])).toBe("letter");
  expect(kindIn("doctor.jpg", ["photograph", "oct"])).toBe("photograph");
});
