import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { openReplica } from "../../../replica/open.ts";
import { clinicWithPlaces } from "../../../sim/care.ts";
import { type Clinic, until } from "../../../sim/clinic.ts";
import { flipPages, type Place, pagesOf, sellGlasses } from "../../../sim/workstations.ts";
import { staffRouter } from "../router.ts";

const { clinic: currentClinic, joinedTill } = clinicWithPlaces();
let clinic: Clinic;
beforeEach(() => {
  clinic = currentClinic();
});

/** A till that has sold a pair of glasses at the centre's knowledge, and then one without a line. */
async function till() {
  const at = await joinedTill();
  const known = sellGlasses(clinic, at, "Known");
  await at.settled();
  at.unplug();
  const unsent = sellGlasses(clinic, at, "Unsent");
  const { terminalCode } = at.engine.identity();
  return { at, known, unsent, terminalCode };
}
type Till = Awaited<ReturnType<typeof till>>;

const damagedFolders = ({ folder }: Place) => readdirSync(folder).filter((name) => name.startsWith("damaged-"));
const salesAtCentre = async () => (await clinic.rows("sale")).map(({ number }) => number).sort();
const salesAt = (at: Place) => at.engine.read.sql<{ number: string }>("select number from sale order by number");

/** Closes the till, damages pages of its file, and opens it again. */
async function damage({ at }: Till, pages: readonly number[]): Promise<void> {
  await at.close();
  flipPages(at.path, pages);
  await at.open();
}
/** Whatever screen it is that first meets the damage. */
async function look(at: Place, table: string): Promise<void> {
  const caller = staffRouter.createCaller(at.station.context("window"));
  try {
    at.station.engineOrNull()?.read.sql(`select * from ${table}`);
  } catch (error) {
    at.station.trouble(error);
  }
  await until(
    () => damagedFolders(at).length > 0 && at.station.engineOrNull() !== null,
    () => JSON.stringify(at.station.care()),
  );
  expect(await caller.setup.state()).toMatchObject({ stage: "joining" });
}
/** Nobody lost anything: both sales are at the centre once and on the till. */
async function expectBothSales({ at, known, unsent }: Till): Promise<void> {
  await at.settled();
  expect(await salesAtCentre()).toEqual([known.number, unsent.number].sort());
  expect(salesAt(at).map(({ number }) => number)).toEqual([known.number, unsent.number].sort());
  expect(damagedFolders(at)).toHaveLength(1);
  expect(existsSync(join(at.folder, damagedFolders(at)[0] as string, "replica.db"))).toBe(true);
}

/** The place in the tree of the outbox's row with this sequence: `/000/001` for the second cell of the first leaf. */
function cellOf(at: Place, overflow: readonly { path: string }[], sequence: unknown): string {
  const seqs = at.engine.db.prepare("select device_seq from sync_outbox order by device_seq").pluck().all();
  // Every sale has overflow pages; smaller groups may have none, so rows are counted by their length.
  const sizes = at.engine.db
    .prepare("select device_seq from sync_outbox where length(bodies) + length(header) > 5000 order by device_seq")
    .pluck()
    .all();
  const cells = [...new Set(overflow.map(({ path }) => path.split("+")[0] ?? ""))];
  expect([cells.length, sizes.length, seqs.length]).toEqual([sizes.length, sizes.length, seqs.length]);
  return cells[sizes.indexOf(sequence)] ?? "";
}

describe("scenario 5: bits flipped in the file of a till with an unsent sale", () => {
  test("in a table's pages: it goes on under its name and number, and sends the sale as it was signed", async () => {
    const till_ = await till();
    const { at } = till_;
    await damage(
      till_,
      pagesOf(at.engine, "patient").map(({ page }) => page),
    );
    await look(at, "patient");
    await expectBothSales(till_);
    expect(at.engine.identity().terminalCode).toBe(till_.terminalCode);
    expect(at.station.care().events).toMatchObject([
      { kind: "repaired", goesOn: "same", unsent: 3, missing: 0, seen: false },
    ]);
    // The next receipt follows the last one.
    expect(sellGlasses(clinic, at, "Next").number.slice(-6)).toBe("000003");
  });

  test("in an index, met by a sale: it is refused in words, and the repair begins without a restart", async () => {
    const till_ = await till();
    const { at } = till_;
    await damage(
      till_,
      pagesOf(at.engine, "sale_number").map(({ page }) => page),
    );
    const sell = () => sellGlasses(clinic, at, "Refused");
    expect(sell).toThrow(/damaged/);
    try {
      sell();
    } catch (error) {
      at.station.trouble(error);
    }
    await until(
      () => damagedFolders(at).length > 0 && at.station.engineOrNull() !== null,
      () => "not repaired",
    );
    await expectBothSales(till_);
    expect(at.engine.identity().terminalCode).toBe(till_.terminalCode);
  });

  test("in the header, which looks like a wrong key: other pages open, so it is damage", async () => {
    const till_ = await till();
    pagesOf(till_.at.engine, "sale");
    await damage(till_, [1]);
    await expectBothSales(till_);
    expect(till_.at.engine.identity().terminalCode).toBe(till_.terminalCode);
  });

  test("in one row of the outbox: the others are saved, and what could not be read is said", async () => {
    const till_ = await till();
    const { at, known, unsent } = till_;
    const sale = at.engine.db
      .prepare("select device_seq from sync_outbox where command='sim.sell' and state='pending'")
      .pluck()
      .get();
    const later = sellGlasses(clinic, at, "Later");
    // Pages that hold parts of that one row.
    const before = pagesOf(at.engine, "sync_outbox").filter(({ kind }) => kind === "overflow");
    const cell = cellOf(at, before, sale);
    await damage(
      till_,
      before.filter(({ path }) => path.startsWith(`${cell}+`)).map(({ page }) => page),
    );
    await look(at, "sync_outbox");
    await at.settled();
    // A gap in the chain: nobody can say which numbers are used, so the rest is written anew under another name.
    const [event] = at.station.care().events;
    expect(event).toMatchObject({ goesOn: "new_numbers", missing: 1 });
    expect(at.engine.identity().terminalCode).not.toBe(till_.terminalCode);
    const numbers = await salesAtCentre();
    expect(numbers).toContain(known.number);
    expect(numbers).not.toContain(unsent.number);
    const sales = await clinic.rows("sale");
    expect(sales.find(({ printed_number }) => printed_number === later.number)).toBeDefined();
  });

  test("in everything that says whose it is: a new code, and the unsent sale goes on under the new name", async () => {
    const till_ = await till();
    const { at, known, unsent } = till_;
    await damage(till_, [1, ...pagesOf(at.engine, "sync_meta").map(({ page }) => page)]);
    const caller = staffRouter.createCaller(at.station.context("window"));
    expect(await caller.setup.state()).toMatchObject({ stage: "first_run" });
    expect(at.station.care().lost).toMatchObject({ groups: 3 });
    // And still after a restart.
    await at.close();
    await at.open();
    expect(at.station.care().lost).toMatchObject({ groups: 3 });
    at.plugged = true;
    await at.join();
    const sales = await clinic.rows("sale");
    expect(sales.map(({ number }) => number)).toContain(known.number);
    const again = sales.find(({ printed_number }) => printed_number === unsent.number);
    expect(again?.number.startsWith(`LDS-${at.engine.identity().terminalCode}-`)).toBe(true);
    expect(again?.id).toBe(unsent.sale);
    expect(at.station.care().events).toMatchObject([{ goesOn: "new_device", unsent: 3 }]);
    expect(at.engine.read.sql("select 1 from review_task where kind='relabelled'").length).toBeGreaterThan(0);
    expect(at.station.care().lost).toBeNull();
  });
});

test("a backup put in the place of data that says no more whose it is: what that had not sent goes along", async () => {
  const at = await joinedTill();
  await at.station.backUp();
  const [name] = readdirSync(join(at.folder, "backups"));
  // On a disk that the repair does not know of.
  const backup = join(at.folder, "carried-along.db");
  renameSync(join(at.folder, "backups", name as string), backup);
  at.unplug();
  const unsent = sellGlasses(clinic, at, "Unsent");
  const pages = [1, ...pagesOf(at.engine, "sync_meta").map(({ page }) => page)];
  await at.close();
  flipPages(at.path, pages);
  await at.open();
  expect(at.station.care().lost).toMatchObject({ groups: 3 });
  await at.close();
  await at.open({ restore: backup });
  expect(at.station.care()).toMatchObject({ problem: null, lost: null, fence: { reason: "restored" } });
  await at.settled();
  const [sale] = await clinic.rows("sale");
  expect(sale).toMatchObject({ id: unsent.sale, printed_number: unsent.number });
});

describe("power that fails while a new device takes a lost one's place", () => {
  /** A till whose data says no more whose it is; the note of that, and what joining anew leads to. */
  async function lostTill() {
    const till_ = await till();
    await damage(till_, [1, ...pagesOf(till_.at.engine, "sync_meta").map(({ page }) => page)]);
    expect(till_.at.station.care().lost).toMatchObject({ groups: 3 });
    return { ...till_, note: join(till_.at.folder, "replica-aside.json") };
  }
  const printed = async () => (await clinic.rows("sale")).map(({ printed_number }) => printed_number);

  test("before the file says whose it is: joining begins again, and what was not sent goes on under the new name", async () => {
    const { at, unsent } = await lostTill();
    await at.close();
    openReplica({ path: at.path, key: await at.key() }).close();
    await at.open();
    expect(at.station.care()).toMatchObject({ problem: null, lost: { groups: 3 } });
    at.plugged = true;
    await at.join();
    expect(await printed()).toContain(unsent.number);
    expect(at.station.care().lost).toBeNull();
  });

  test("after it, with the note still there: nothing is repaired or handed over a second time", async () => {
    const { at, unsent, note } = await lostTill();
    const text = readFileSync(note);
    at.plugged = true;
    await at.join();
    await at.close();
    writeFileSync(note, text);
    await at.open();
    await at.settled();
    expect((await printed()).filter((number) => number === unsent.number)).toHaveLength(1);
    expect(at.station.care().events).toHaveLength(1);
    expect(existsSync(note)).toBe(false);
  });
});

test("a write-ahead log damaged in its middle, as after a power cut: what SQLite forgets behind it is saved", async () => {
  const till_ = await till();
  const { at } = till_;
  // As the power cut left them: the log was never laid into the file.
  const [file, log] = [readFileSync(at.path), readFileSync(`${at.path}-wal`)];
  await at.close();
  log[32 + 4120 * 8 + 300] = (log[32 + 4120 * 8 + 300] ?? 0) ^ 1;
  writeFileSync(at.path, file);
  writeFileSync(`${at.path}-wal`, log);
  await at.open();
  expect(at.station.care().events).toMatchObject([{ kind: "repaired", goesOn: "same", unsent: 3 }]);
  await expectBothSales(till_);
});
