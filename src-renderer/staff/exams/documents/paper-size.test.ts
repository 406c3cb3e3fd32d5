import { expect, test } from "vitest";
import { pageRules } from "./paper-size.ts";

test("every page says whose it is and which of how many, whatever the name holds", () => {
  const rules = pageRules("a4", { left: `Zoë O'Brien"} * { x`, right: "Page {{page}} of {{pages}}" }, 0);
  expect(rules).toContain("@page a4 {");
  expect(rules).toContain(`content: "Zoë O\\27 Brien\\22 \\7d  \\2a  \\7b  x"`);
  expect(rules).toContain(`content: "Page " counter(page) " of " counter(pages) ""`);
});

test("a roll is one page as long as what stands on it", () => {
  expect(pageRules("roll", { left: "Zoë", right: "" }, 143.2)).toBe("@page roll { size: 80mm 144mm; margin: 0 }");
});
