import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openCentreDatabase, until } from "../../../sim/clinic.ts";
import {
  codeAt,
  type FiledWorkstation,
  type FilingCentre,
  practiceAt,
  startFiled,
  startFilingCentre,
  temporaryFolder,
} from "../../../sim/filing.ts";
import type { SmallPractice } from "../../../sim/practice.ts";
import { registerPatient } from "../../../sim/work.ts";
import { flipPages, pagesOf } from "../../../sim/workstations.ts";
import type { Database } from "../../../sync-server/database/database.ts";
import { revokeDevice } from "../access/commands.ts";
import { backupsIn, keepBackup } from "./backups.ts";
import { isInUse, markOf } from "./old-keys.ts";

let db: Database;
let centre: FilingCentre;
let closeCentre = async () => {};
let practice: SmallPractice;
let epochs = 0;
const open: FiledWorkstation[] = [];
beforeAll(async () => {
  db = await openCentreDatabase();
}, 60_000);
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
  await closeCentre();
});
afterAll(() => db.close());

/** A centre under an epoch that no device knows. */
async function startCentre(): Promise<void> {
  centre = await startFilingCentre(db, { epoch: `epoch-${++epochs}` });
  const started = centre;
  closeCentre = async () => {
    closeCentre = async () => {};
    await started.close();
  };
}

const at = ({ workstation }: FiledWorkstation) => workstation.engine();
const keysOf = ({ secrets }: FiledWorkstation) => [...secrets.values()].map((hex) => Buffer.from(hex, "hex"));
const backupsOf = (device: FiledWorkstation) => join(device.folder, "backups");
const names = (device: FiledWorkstation) =>
  at(device)
    .read.sql<{ given_name: string }>("select given_name from patient order by given_name")
    .map((row) => row.given_name);

async function start(options: Parameters<typeof startFiled>[1] = {}): Promise<FiledWorkstation> {
  const device = await startFiled(centre.url, options);
  open.push(device);
  return device;
}
async function again(device: FiledWorkstation, options: { restore?: string } = {}): Promise<FiledWorkstation> {
  await device.close();
  return start({ folder: device.folder, secrets: device.secrets, ...options });
}
const settled = (device: FiledWorkstation) =>
  until(
    () => {
      const engine = device.workstation.engineOrNull();
      return (
        engine?.ready() === true &&
        engine.sync.status().phase === "live" &&
        engine.state.meta("fence") === null &&
        engine.replica.unsettledCount() === 0
      );
    },
    () =>
      `not settled: ${JSON.stringify([device.workstation.engineOrNull()?.sync.status(), device.workstation.care()])}`,
  );
function register(device: FiledWorkstation, givenName: string): void {
  const person = { givenName, familyName: "Ellison", dateOfBirth: "1958-12-03", phone: null };
  at(device).execute(registerPatient, person, { user: practice.people.DO, role: null });
}
const keyCount = (device: FiledWorkstation, count: number) =>
  until(
    () => device.secrets.size === count,
    () => `${device.secrets.size} keys`,
  );

/** The centre comes back under another epoch, and the device is given a file in its replica's place, under another key. */
async function fillAnew(device: FiledWorkstation): Promise<void> {
  const before = at(device);
  await closeCentre();
  await startCentre();
  device.line.url = centre.url;
  await until(
    () => device.workstation.engineOrNull() !== null && at(device) !== before,
    () => "never exchanged",
  );
  await settled(device);
}

/** A till that knows Ann, has a backup from then, and was filled by a file since. */
async function tillFilledAnew() {
  await startCentre();
  practice = await practiceAt(centre);
  const device = await start();
  await device.workstation.join(centre.url, (line, keys) =>
    codeAt(centre, practice).then((code) => line.enrol({ code, deviceName: "Till", ...keys })),
  );
  await settled(device);
  register(device, "Ann");
  await settled(device);
  await keyCount(device, 1);
  const [oldKey] = keysOf(device);
  await device.workstation.backUp();
  const [backup] = readdirSync(backupsOf(device)).map((name) => join(backupsOf(device), name));
  await fillAnew(device);
  await keyCount(device, 2);
  return { device, backup: backup as string, oldKey: oldKey as Buffer };
}

test("a backup from before the device was filled by a file is put back, and the centre brings what came since", async () => {
  const { device, backup } = await tillFilledAnew();
  register(device, "Bea");
  await settled(device);
  at(device).sync.setPlugged(false);
  register(device, "Cid");
  const { epoch } = at(device).identity();

  const restored = await again(device, { restore: backup });
  expect(restored.workstation.care()).toMatchObject({ problem: null, fence: { reason: "restored" } });
  expect(names(restored)).toEqual(["Ann"]);
  await settled(restored);
  expect(names(restored)).toEqual(["Ann", "Bea", "Cid"]);
  expect(at(restored).identity().epoch).toBe(epoch + 1);
  // It lies under the present key now; the old one is kept for the next time. By then the device has had another epoch,
  // whose files the one in the backup cannot unseal.
  await keyCount(restored, 2);
  const third = await again(restored, { restore: backup });
  await settled(third);
  expect(names(third)).toEqual(["Ann", "Bea", "Cid"]);
});

test("what a damaged replica lacks is looked for in a backup from before the exchange", async () => {
  const { device } = await tillFilledAnew();
  at(device).sync.setPlugged(false);
  register(device, "Bea");
  const { device: id } = at(device).identity();
  const pages = [1, ...pagesOf(at(device), "sync_meta").map(({ page }) => page)];
  await device.close();
  flipPages(join(device.folder, "replica.db"), pages);
  const repaired = await again(device);
  expect(repaired.workstation.care()).toMatchObject({ problem: null, lost: null });
  await settled(repaired);
  expect(at(repaired).identity().device).toBe(id);
  expect(names(repaired)).toEqual(["Ann", "Bea"]);
});

describe("an old key is forgotten", () => {
  test("with the last backup that it opens, when seven newer ones are there", async () => {
    const { device, oldKey } = await tillFilledAnew();
    const [key] = keysOf(device).filter((each) => !each.equals(oldKey));
    for (let n = 1; n <= 6; n++) {
      const later = Date.now() + n * 3_600_000;
      await keepBackup(backupsOf(device), { kind: "replica", key: key as Buffer }, later, (to) =>
        writeFileSync(to, ""),
      );
    }
    expect(backupsIn(backupsOf(device), "replica", oldKey)).toHaveLength(1);
    await device.workstation.backUp();
    expect(backupsIn(backupsOf(device), "replica", oldKey)).toHaveLength(0);
    await keyCount(device, 1);
    expect(keysOf(device)).toEqual([key]);
  });

  test("at the next start, when somebody took the files away", async () => {
    const { device } = await tillFilledAnew();
    rmSync(backupsOf(device), { recursive: true });
    const next = await again(device);
    await keyCount(next, 1);
    expect(names(next)).toEqual(["Ann"]);
  });

  test("with all others when head office took the PC out", async () => {
    const { device } = await tillFilledAnew();
    const office = await start();
    const code = await codeAt(centre, practice, "single");
    await office.workstation.join(centre.url, (line, keys) => line.enrol({ code, deviceName: "Office", ...keys }));
    await settled(office);
    const id = at(device).identity().device;
    at(office).execute(revokeDevice, { id }, { user: practice.people.OW, role: null });
    await until(
      () => device.secrets.size === 0 && device.workstation.takenOutAt() !== null,
      () => `not erased: ${device.secrets.size} keys`,
    );
    await device.close();
    expect(readdirSync(device.folder).filter((name) => /\.db|backups/.test(name))).toEqual([]);
  });
});

describe("a key is in use", () => {
  const key = new Uint8Array(32).fill(7);
  const mark = markOf(key);
  let folder: string;
  let disk: string;
  beforeEach(() => {
    folder = temporaryFolder();
    disk = mkdtempSync(join(tmpdir(), "horopter-disk-"));
    return () => rmSync(disk, { recursive: true, force: true });
  });
  const isNeeded = () => isInUse(key, { folder, name: "replica.db", places: [disk] });
  function place(...path: readonly [string, ...string[]]): void {
    mkdirSync(join(...path, ".."), { recursive: true });
    writeFileSync(join(...path), "");
  }

  test("as a backup or a copy from before a migration, here or on the second disk", () => {
    expect(isNeeded()).toBe(false);
    place(folder, "backups", "replica-2026-11-21T10-00-00Z-00000000.db");
    expect(isNeeded()).toBe(false);
    place(folder, "backups", `before-schema-20-2026-11-21T10-00-00Z-${mark}.db`);
    expect(isNeeded()).toBe(true);
    rmSync(join(folder, "backups"), { recursive: true });
    place(disk, "horopter-0a0b0c0d", `replica-2026-11-21T10-00-00Z-${mark}.db`);
    expect(isNeeded()).toBe(true);
  });

  test("while the second disk is not there, since nobody knows", () => {
    rmSync(disk, { recursive: true });
    expect(isNeeded()).toBe(true);
  });

  test("as what was laid aside; where the folder does not say under which key, any may be it", () => {
    place(folder, "damaged-2026-11-21T10-00-00Z-00000000", "replica.db");
    expect(isNeeded()).toBe(false);
    place(folder, `damaged-2026-11-21T10-00-00Z-${mark}`, "reading.tmp");
    expect(isNeeded()).toBe(false);
    place(folder, `damaged-2026-11-21T10-00-00Z-${mark}`, "replica.db-wal");
    expect(isNeeded()).toBe(true);
    rmSync(join(folder, `damaged-2026-11-21T10-00-00Z-${mark}`), { recursive: true });
    place(folder, "replaced-2026-11-20T10-00-00Z", "replica.db");
    expect(isNeeded()).toBe(true);
  });
});
