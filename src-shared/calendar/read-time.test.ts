import fc from "fast-check";
import { expect, test } from "vitest";
import { readSpans, readTime } from "./read-time.ts";

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

test.each([
  ["13:00-14:00, 16:00–16:15", ["13:00-14:00", "16:00-16:15"]],
  ["1-2pm", ["13:00-14:00"]],
  ["11-2pm", ["11:00-14:00"]],
  ["9.30am - 10", ["09:30-10:00"]],
  ["", []],
])("the breaks %s are %j", (text, spans) => {
  expect(readSpans(text)?.map((span) => span.join("-"))).toEqual(spans);
});

test.each(["13:00", "14-13", "13-14-15", "lunch", "13:00-"])("%s is no break", (text) => {
  expect(readSpans(text)).toBeNull();
});

test("every time of the day is read, with its colon, a full stop or nothing between", () => {
  fc.assert(
    fc.property(fc.nat(23), fc.nat(59), fc.constantFrom(":", ".", ""), (hour, minute, between) => {
      const [h, m] = [String(hour).padStart(2, "0"), String(minute).padStart(2, "0")];
      expect(readTime(`${h}${between}${m}`)).toBe(`${h}:${m}`);
    }),
  );
});
