/**
 * `npm run screens`: pictures of every screen, light and dark, at 1280×800, into docs/screens.
 * `npm run screens -- --wide <folder>`: the same at 1920×1080 into a folder of your choice, to look at.
 * `npm run screens -- --only care`: only those of scripts/screens/care.ts.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium, type Page } from "@playwright/test";
import { chromiumArgs, chromiumPath } from "../e2e/support/chromium.ts";
import { ensureRenderer } from "./build.ts";
import { picturesOfAttention } from "./screens/attention.ts";
import { picturesOfCare } from "./screens/care.ts";
import { picturesOfADay } from "./screens/day.ts";
import { picturesOfTheDiary } from "./screens/diary.ts";
import { picturesOfMovingIn } from "./screens/moving.ts";
import { picturesOfPatients } from "./screens/patient.ts";
import { picturesOfRecords } from "./screens/record.ts";

const { values } = parseArgs({ options: { wide: { type: "string" }, only: { type: "string" } } });
const folder = values.wide ?? join(import.meta.dirname, "../docs/screens");
const viewport = values.wide ? { width: 1920, height: 1080 } : { width: 1280, height: 800 };
mkdirSync(folder, { recursive: true });
await ensureRenderer();
const executablePath = chromiumPath();
const browser = await chromium.launch({ args: [...chromiumArgs], ...(executablePath ? { executablePath } : {}) });

async function shoot(page: Page, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.waitForTimeout(400);
    await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) });
  }
}

const parts = {
  day: picturesOfADay,
  diary: picturesOfTheDiary,
  attention: picturesOfAttention,
  care: picturesOfCare,
  record: picturesOfRecords,
  patient: picturesOfPatients,
  moving: picturesOfMovingIn,
};
for (const [name, take] of Object.entries(parts)) {
  if (values.only && values.only !== name) continue;
  await take({ browser, options: { viewport }, shoot });
}
await browser.close();
console.log(`Pictures are in ${folder}`);
process.exit(0);
