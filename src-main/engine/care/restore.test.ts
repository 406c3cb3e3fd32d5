import { copyFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { openReplica } from "../../../replica/open.ts";
import { clinicWithPlaces } from "../../../sim/care.ts";
import { type Clinic, until } from "../../../sim/clinic.ts";
import { type Place, sellGlasses } from "../../../sim/workstations.ts";
import { backupsIn } from "./backups.ts";

const { clinic: currentClinic, place, joinedTill } = clinicWithPlaces();
let clinic: Clinic;
beforeEach(() => {
  clinic = currentClinic();
});

async function newestBackup(at: Place): Promise<string> {
  await at.station.backUp();
  return backupsIn(join(at.folder, "backups"), "replica", await at.key())[0]?.path as string;
}
const numbersAt = (at: Place) =>
  at.engine.read.sql<{ number: string; printed_number: string | null }>(
    "select number, printed_number from sale order by number",
  );
const behindFence = /cannot know which receipt numbers are used/;

test("a backup put back: what settled since comes from the centre, what waited settles once, no number is used twice", async () => {
  const at = await joinedTill();
  at.unplug();
  const waited = sellGlasses(clinic, at, "Waited");
  const backup = await newestBackup(at);
  await at.settled();
  const settled = sellGlasses(clinic, at, "Settled");
  await at.settled();
  at.unplug();
  const unsent = sellGlasses(clinic, at, "Unsent");
  const before = at.engine.identity();
  await at.close();

  at.plugged = false;
  await at.open({ restore: backup });
  expect(at.station.care()).toMatchObject({ problem: null, fence: { reason: "restored" } });
  // It can be looked at, and nothing is written that could be doubled.
  expect(numbersAt(at)).toMatchObject([{ number: waited.number }]);
  expect(() => sellGlasses(clinic, at, "Refused")).toThrow(behindFence);
  await at.settled();
  expect(at.station.care()).toMatchObject({ fence: null, events: [{ kind: "restored", goesOn: "new_numbers" }] });
  expect(at.engine.identity()).toMatchObject({ device: before.device, epoch: before.epoch + 1 });

  const next = sellGlasses(clinic, at, "Next");
  await at.settled();
  const sales = await clinic.rows("sale");
  expect(sales.map(({ id }) => id).sort()).toEqual([waited.sale, settled.sale, unsent.sale, next.sale].sort());
  expect(new Set(sales.map(({ number }) => number)).size).toBe(4);
  expect(sales.find(({ id }) => id === waited.sale)?.number).toBe(waited.number);
  expect(sales.find(({ id }) => id === settled.sale)?.number).toBe(settled.number);
  // Not in the backup and not at the centre: it went along from the replica that was replaced.
  expect(sales.find(({ id }) => id === unsent.sale)).toMatchObject({ printed_number: unsent.number });
  expect(numbersAt(at).map(({ number }) => number)).toEqual(sales.map(({ number }) => number).sort());
  expect(readdirSync(at.folder).filter((name) => name.startsWith("replaced-"))).toHaveLength(1);
});

test("a file that is no backup of this PC's is not put back, and everything is as it was", async () => {
  const at = await joinedTill();
  const sale = sellGlasses(clinic, at, "Kept");
  await at.settled();
  await at.close();
  const file = join(at.folder, "holiday.db");
  writeFileSync(file, "not a database at all, but long enough to look like a file of some kind");
  await expect(at.open({ restore: file })).rejects.toMatchObject({ code: "BACKUP_UNUSABLE" });
  await expect(at.open({ restore: join(at.folder, "nowhere.db") })).rejects.toMatchObject({ code: "BACKUP_UNUSABLE" });
  await at.open();
  expect(numbersAt(at)).toMatchObject([{ number: sale.number }]);
  expect(at.station.care()).toMatchObject({ fence: null, events: [] });
});

test("an older file put back by hand is noticed by the mark beside it, and gets new numbers before it writes", async () => {
  const at = await joinedTill();
  const known = sellGlasses(clinic, at, "Known");
  await at.settled();
  await at.close();
  copyFileSync(at.path, join(at.folder, "yesterday.db"));
  await at.open();
  await at.settled();
  at.unplug();
  const lost = sellGlasses(clinic, at, "Lost");
  await at.close();
  copyFileSync(join(at.folder, "yesterday.db"), at.path);
  at.plugged = false;
  await at.open();
  expect(() => sellGlasses(clinic, at, "Refused")).toThrow(behindFence);
  expect(at.station.care().events).toMatchObject([{ kind: "behind", missing: 3 }]);
  await at.settled();
  const next = sellGlasses(clinic, at, "Next");
  expect([known.number, lost.number]).not.toContain(next.number);
});

test("a till's folder copied with its keys: the second to meet the centre goes on alone under numbers of its own", async () => {
  const original = await joinedTill();
  await original.close();
  const copy = place();
  for (const name of readdirSync(original.folder)) {
    if (/^(replica|keyring)/.test(name)) copyFileSync(join(original.folder, name), join(copy.folder, name));
  }
  for (const [name, value] of original.secrets.entries) copy.secrets.entries.set(name, value);
  copy.plugged = false;
  await original.open();
  await copy.open();
  await original.settled();
  const first = sellGlasses(clinic, original, "First");
  await original.settled();
  const second = sellGlasses(clinic, copy, "Second");
  expect(second.number).toBe(first.number);
  copy.plugged = true;
  copy.engine.sync.tryNow();
  await until(
    () => copy.engine.identity().epoch === 2,
    () => "never renewed",
  );
  await copy.settled();
  const sales = await clinic.rows("sale");
  expect(sales.find(({ id }) => id === first.sale)).toMatchObject({ number: first.number, printed_number: null });
  const renamed = sales.find(({ id }) => id === second.sale);
  expect(renamed?.printed_number).toBe(second.number);
  expect(renamed?.number).not.toBe(first.number);
  expect((await clinic.rows("review_task")).some(({ kind }) => kind === "relabelled")).toBe(true);
  // The original goes on undisturbed.
  expect(original.engine.identity().epoch).toBe(1);
  await until(
    () => numbersAt(original).length === 2,
    () => "the copy's sale never came",
  );
  expect(numbersAt(original)).toContainEqual(expect.objectContaining({ number: first.number }));
});

test("a replica that is opened for restoring still carries the key of this PC alone", async () => {
  const at = await joinedTill();
  const backup = await newestBackup(at);
  expect(() => openReplica({ path: backup, key: new Uint8Array(32).fill(9), readonly: true })).toThrow(/does not open/);
  openReplica({ path: backup, key: await at.key(), readonly: true }).close();
});
