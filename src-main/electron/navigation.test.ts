import { describe, expect, test } from "vitest";
import { hostsOf, mayLoad, mayOpenExternally } from "./navigation.ts";

const hosts = ["horopter.example"];

describe("the system's browser", () => {
  test.each(["https://horopter.example/help", "https://docs.horopter.example/a?b#c", "https://HOROPTER.example"])(
    "opens %s",
    (url) => {
      expect(mayOpenExternally(url, hosts)).toBe(true);
    },
  );

  test.each([
    "http://horopter.example/",
    "https://horopter.example.attacker.example/",
    "https://nothoropter.example/",
    "https://attacker.example/?horopter.example",
    "https://horopter.example@attacker.example/",
    "https://user:secret@horopter.example/",
    "https://horopter.example:8443/",
    "file:///etc/passwd",
    "smb://horopter.example/share",
    "ms-msdt:/id",
    "javascript:alert(1)",
    "\\\\attacker\\share",
    "",
  ])("does not open %s", (url) => {
    expect(mayOpenExternally(url, hosts)).toBe(false);
  });

  test("opens nothing when no host is ours", () => {
    expect(mayOpenExternally("https://horopter.example/", [])).toBe(false);
  });
});

test("the page loads its own files and what it made, nothing of the network", () => {
  for (const url of ["app://horopter/assets/a.js", "data:image/png;base64,AA==", "blob:app://horopter/1"]) {
    expect(mayLoad(url, "app", false)).toBe(true);
  }
  for (const url of [
    "https://horopter.example/",
    "http://127.0.0.1/",
    "ws://127.0.0.1/",
    "file:///a",
    "devtools://devtools/",
    "no url",
  ]) {
    expect(mayLoad(url, "app", false)).toBe(false);
  }
  expect(mayLoad("devtools://devtools/bundled/a.html", "app", true)).toBe(true);
});

test("hosts come from a setting, and what is no host is none", () => {
  expect(hostsOf(" Horopter.example, docs.horopter.example ,,*,com,https://x.example")).toEqual([
    "horopter.example",
    "docs.horopter.example",
  ]);
  expect(hostsOf(undefined)).toEqual([]);
});
