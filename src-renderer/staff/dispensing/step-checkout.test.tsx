import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { addTexts } from "../../ui/index.ts";
import { enGB } from "./en-GB.ts";
import { TenderRows } from "./step-checkout.tsx";

addTexts("dispensing", enGB);

const rows = [{ id: 1, tender: "card" as const, amount: "", reference: "" }];
const shown = (due: number | null) =>
  renderToStaticMarkup(<TenderRows rows={rows} set={() => {}} due={due} deposit={5000} />);

test("before the price is known nothing fills an amount in: All waits, and there is no deposit", () => {
  expect(shown(null)).toMatch(/adding up.*aria-disabled="true">All/);
  expect(shown(null)).not.toContain("Deposit");
  expect(shown(12_500)).not.toContain('aria-disabled="true"');
  expect(shown(12_500)).toContain("Deposit");
});
