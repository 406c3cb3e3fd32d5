import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { addTexts } from "../../ui/index.ts";
import { enGB } from "./en-GB.ts";
import type { Summary } from "./entry.ts";
import { Tiles } from "./tiles.tsx";

addTexts("patients", enGB);

/** What the tile of the balance says, minor units. */
function said({ sales = 0, before = 0, open = false }: { sales?: number; before?: number; open?: boolean }): string {
  const data = {
    totals: { spent: 0, byYear: [], balance: sales + before },
    broughtBalances: before === 0 ? [] : [{ amount: before }],
    jobs: open ? [{ stage: "ready", cancelled: false, promised_on: "2026-11-28", held: false }] : [],
    broughtOrders: [],
    exams: [],
    prescriptions: [],
    holds: { money: true, cases: true, clinical: true },
    sees: { money: true, prescriptions: true, orders: true, cases: true, clinical: true, appointments: true },
  } as unknown as Summary;
  const markup = renderToStaticMarkup(<Tiles data={data} today="2026-11-28" />);
  return /Balance to pay.*?<p class="small t3">(.*?)<\/p>/s.exec(markup)?.[1] ?? "";
}

test("a balance says what it is: due at collection, from before, some of each, or still to pay", () => {
  expect(said({ sales: 5000, open: true })).toBe("due at collection");
  expect(said({ sales: 5000 })).toBe("still to pay");
  expect(said({ before: 1250, open: true })).toBe("owed from the system before");
  expect(said({ sales: 5000, before: 1250, open: true })).toBe("£12.50 of it from the system before");
  expect(said({ before: -1250 })).toBe("to their credit");
  expect(said({})).toBe("nothing due");
});
