/** What is seen when a PC gets its data, when the data cannot be opened, is put in order, or goes on from a backup. */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { goTo } from "../../e2e/support/demo.ts";
import { slowLine } from "../../e2e/support/slow-line.ts";
import { openMargaret } from "../../e2e/support/steps.ts";
import { openReplica } from "../../replica/open.ts";
import { flipPages, pagesOf } from "../../sim/workstations.ts";
import { revokeDevice } from "../../src-main/engine/access/commands.ts";
import { updatePatient } from "../../src-main/engine/patients/commands.ts";
import type { Camera } from "./camera.ts";
import { openClinic, type Seat, until } from "./clinic.ts";

const fast = 100_000_000;
/** Bytes a second at which the demo's data takes half a minute. */
const slow = 40_000;

export async function picturesOfCare({ browser, options, shoot }: Camera): Promise<void> {
  const clinic = await openClinic();
  const line = await slowLine(clinic.url, fast);
  const till = clinic.seat("leeds-till", "Leeds till");
  try {
    await till.open();
    await joinsSlowly();
    await till.plugIn();
    await till.station.backUp();
    await shootPanel("care-backups");
    await losesItsKey();
    await isDamaged();
    await goesOnFromABackup();
    await isLost();
    await isTakenOut();
  } finally {
    await line.close();
    await clinic.close();
  }

  async function joinsSlowly(): Promise<void> {
    const page = await till.page(browser, options);
    line.slow(slow);
    const joined = till.join(line.url);
    await halfFilled(page);
    await shoot(page, "joining");
    line.slow(fast);
    await joined;
    await page.context().close();
  }

  async function losesItsKey(): Promise<void> {
    const kept = new Map(till.keys);
    await till.close();
    till.keys.clear();
    await till.open();
    await shootDoor("care-key-missing", "The key of this PC");
    await till.close();
    for (const [name, value] of kept) till.keys.set(name, value);
    const was = await setVersion(till, 9990);
    await till.open();
    await shootDoor("care-newer", "of a newer version");
    await till.close();
    await setVersion(till, was);
    await till.open();
  }

  /** While it has work that only it has, and no line. */
  async function isDamaged(): Promise<void> {
    line.cut(600_000);
    for (const phone of ["07700 900111", "07700 900112"])
      till.as("hannah.boyle", updatePatient, { id: till.patient("Margaret", "Ellison"), details: { phone } });
    const window = await till.page(browser, options);
    await window.getByText("Who is at this PC").waitFor();
    till.station.trouble(Object.assign(new Error("damaged"), { code: "SQLITE_CORRUPT" }));
    await window.getByText("Putting this PC's data in order").waitFor();
    await till.freeze();
    await shoot(window, "care-repairing");
    await window.context().close();
    await until(() => till.station.engineOrNull() !== null, "never repaired");
    await till.thaw();
    await shootDoor("care-no-line", "cannot be reached");
    const again = await till.page(browser, options);
    line.slow(slow);
    line.cut(0);
    till.station.resume();
    await halfFilled(again);
    await shoot(again, "care-refilling");
    await again.context().close();
    line.slow(fast);
    await until(() => till.engine.ready(), "never filled again");
    await till.plugIn();
    const work = await till.pageOf(browser, "hannah.boyle", options);
    await goTo(work, "/today");
    await work.getByRole("button", { name: "Understood" }).waitFor();
    await shoot(work, "care-repaired");
    await work.getByRole("button", { name: "Understood" }).click();
    await work.context().close();
  }

  async function goesOnFromABackup(): Promise<void> {
    await till.station.backUp();
    const folder = join(till.folder, "backups");
    const newest = readdirSync(folder)
      .filter((name) => name.startsWith("replica"))
      .sort()
      .at(-1) as string;
    await till.close();
    line.cut(600_000);
    await till.open({ restore: join(folder, newest) });
    await shootDoor("care-restored-door", "You can look at everything");
    const work = await till.pageOf(browser, "hannah.boyle", options);
    await goTo(work, "/today");
    await work.getByRole("button", { name: "Understood" }).waitFor();
    await shoot(work, "care-restored");
    await work.context().close();
    line.cut(0);
    till.station.resume();
    await till.plugIn();
  }

  /** Damaged beyond telling whose it was, without a backup, while another PC's disk for backups is missing. */
  async function isLost(): Promise<void> {
    const pages = pagesOf(till.engine, "sync_meta").map(({ page }) => page);
    await till.close();
    flipPages(till.replica, pages);
    rmSync(join(till.folder, "backups"), { recursive: true });
    await till.open({ backups: join(till.folder, "second-disk") });
    await shootDoor("care-lost", "This PC has to join again");
    await till.join(line.url);
    await till.plugIn();
    await shootPanel("care-no-backups");
  }

  /** With a file that the centre would not have: nothing is erased before somebody has a copy or leaves it behind. */
  async function isTakenOut(): Promise<void> {
    const office = clinic.seat("hq", "HQ");
    await office.open();
    await office.join();
    await office.plugIn();
    const page = await till.pageOf(browser, "hannah.boyle", options);
    till.unplug();
    await openMargaret(page);
    await page.keyboard.press("8");
    const buffer = Buffer.from("%PDF-1.4\n%%EOF\n");
    await page.getByLabel("Add files").setInputFiles({ name: "Letter.pdf", mimeType: "application/pdf", buffer });
    await page.getByText("Only on this PC").waitFor();
    clinic.refuse((entity) => (entity === "attachment" ? "documents:upload" : null));
    office.as("eleanor.aldous", revokeDevice, {
      id: office.id("device", "name='Leeds till' and status='active' order by id desc"),
    });
    await office.plugIn();
    till.engine.sync.setPlugged(true);
    await goTo(page, "/today");
    await page.locator("button.sync").click();
    await page.locator(".keptback").waitFor();
    await page.evaluate(hideFolder, till.folder);
    await shoot(page, "care-kept-back");
    await page.context().close();
  }

  async function shootDoor(name: string, words: string): Promise<void> {
    const page = await till.page(browser, options);
    await page.getByText(words).first().waitFor();
    await shoot(page, name);
    await page.context().close();
  }
  async function shootPanel(name: string): Promise<void> {
    const page = await till.pageOf(browser, "hannah.boyle", options);
    await goTo(page, "/today");
    await page.locator("button.sync").click();
    await page.getByRole("button", { name: "Back up now" }).waitFor();
    await page.evaluate(hideFolder, till.folder);
    await shoot(page, name);
    await page.context().close();
  }
}

async function halfFilled(page: Page): Promise<void> {
  await page.waitForFunction(() => Number(document.querySelector("progress")?.getAttribute("value")) > 0.3);
}

/** The folder has another name each time, and says nothing to who looks at the picture. */
function hideFolder(folder: string): void {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { currentNode } = texts;
    if (currentNode.nodeValue?.includes(folder)) currentNode.nodeValue = currentNode.nodeValue.replace(folder, "…");
  }
}

/** As if a newer Horopter had been at work; the version that it was. */
async function setVersion(seat: Seat, version: number): Promise<number> {
  const db = openReplica({ path: seat.replica, key: await seat.key() });
  const was = db.pragma("user_version", { simple: true }) as number;
  db.pragma(`user_version=${version}`);
  db.close();
  return was;
}
