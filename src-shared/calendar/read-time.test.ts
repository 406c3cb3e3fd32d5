import fc from "fast-check";
import { expect, test } from "vitest";
import { readTime } from "./read-time.ts";

test.each([
  ["14:30", "14:30"],
  ["1430", "14:30"],
  ["14.30", "14:30"],
  ["14 30", "14:30"],
  ["14h30", "14:30"],
  ["14h", "14:00"],
  ["9", "09:00"],
  ["9:05", "09:05"],
  ["930", "09:30"],
  ["2pm", "14:00"],
  ["2.30 p.m.", "14:30"],
  ["230PM", "14:30"],
  ["12am", "00:00"],
  ["12pm", "12:00"],
  ["24:00", "24:00"],
  [" 8:15 ", "08:15"],
])("%s is %s", (text, time) => {
  expect(readTime(text)).toBe(time);
});

test.each(["", "25", "24:01", "9:60", "9:5", "14pm", "0am", "noon", "12345", "9:30:00", "-9"])(
  "%s is no time",
  (text) => {
    expect(readTime(text)).toBeNull();
  },
);

test("every time of the day is read, with its colon, a full stop or nothing between", () => {
  fc.assert(
    fc.property(fc.nat(23), fc.nat(59), fc.constantFrom(":", ".", ""), (hour, minute, between) => {
      const [h, m] = [String(hour).padStart(2, "0"), String(minute).padStart(2, "0")];
      expect(readTime(`${h}${between}${m}`)).toBe(`${h}:${m}`);
    }),
  );
});
