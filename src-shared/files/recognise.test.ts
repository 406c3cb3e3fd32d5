import { expect, test } from "vitest";
import { recognise, showsItself } from "./recognise.ts";

const bytes = (...parts: (string | number[])[]) =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === "string" ? [...part].map((c) => c.charCodeAt(0)) : part)));
const preamble = new Array(128).fill(0) as number[];

test.each([
  ["image/png", bytes([0x89], "PNG\r\n", [0x1a], "\n", [0, 0, 0, 13])],
  ["image/jpeg", bytes([0xff, 0xd8, 0xff, 0xe0])],
  ["image/gif", bytes("GIF89a")],
  ["image/gif", bytes("GIF87a")],
  ["image/webp", bytes("RIFF", [1, 2, 3, 4], "WEBPVP8 ")],
  ["application/pdf", bytes("%PDF-1.7\n")],
  ["image/tiff", bytes("II", [42, 0])],
  ["image/tiff", bytes("MM", [0, 42])],
  ["image/tiff", bytes("II", [43, 0])],
  ["application/dicom", bytes(preamble, "DICM")],
  ["application/dicom", bytes("II", [42, 0], preamble.slice(4), "DICM")],
])("%s is known by its first bytes", (type, first) => {
  expect(recognise(first)).toBe(type);
});

test.each([
  ["HTML", bytes("<!doctype html><script>alert(1)</script>")],
  ["SVG", bytes('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
  ["SVG behind a declaration", bytes('<?xml version="1.0"?><svg/>')],
  ["plain text", bytes("Dear colleague, thank you for seeing Mrs Ellison.")],
  ["HTML that pretends further in", bytes("<html>", "%PDF-1.7", "GIF89a")],
  ["a sound in a RIFF", bytes("RIFF", [1, 2, 3, 4], "WAVE")],
  ["a program", bytes("MZ", [0x90, 0])],
  ["an archive", bytes("PK", [3, 4])],
  ["a beginning that is too short", bytes([0x89], "PN")],
  ["nothing", bytes()],
])("%s is not taken", (_, first) => {
  expect(recognise(first)).toBeNull();
});

test("only images that every screen draws are shown; an unknown type never is", () => {
  expect(["image/png", "image/jpeg", "image/webp", "image/gif"].every(showsItself)).toBe(true);
  expect(
    ["image/tiff", "application/dicom", "application/pdf", "text/html", "image/svg+xml", "toString"].some(showsItself),
  ).toBe(false);
});
