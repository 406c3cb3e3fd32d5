import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openReplica } from "../../../replica/open.ts";
import { openCentreDatabase, until } from "../../../sim/clinic.ts";
import {
  codeAt,
  type FiledWorkstation,
  type FilingCentre,
  practiceAt,
  startFiled,
  startFilingCentre,
} from "../../../sim/filing.ts";
import type { SmallPractice } from "../../../sim/practice.ts";
import { registerPatient } from "../../../sim/work.ts";
import { flipPages } from "../../../sim/workstations.ts";
import type { Database } from "../../../sync-server/database/database.ts";
import { staffRouter } from "../router.ts";
import { downloadOf } from "./exchange.ts";

let db: Database;
let centre: FilingCentre;
let practice: SmallPractice;
let till: FiledWorkstation;
let path: string;
beforeAll(async () => {
  db = await openCentreDatabase();
}, 60_000);
beforeEach(async () => {
  centre = await startFilingCentre(db, { epoch: "before" });
  practice = await practiceAt(centre);
  till = await startFiled(centre.url);
  path = join(till.folder, "replica.db");
  const code = await codeAt(centre, practice);
  await till.workstation.join(centre.url, (line, keys) => line.enrol({ code, deviceName: "Till", ...keys }));
  await settled();
  register("Ann");
  await settled();
  engine().sync.setPlugged(false);
  register("Bea");
});
afterEach(async () => {
  await till.close();
  await centre.close();
});
afterAll(() => db.close());

const engine = () => till.workstation.engine();
const names = () => engine().read.sql<{ name: string }>("select given_name as name from patient order by 1");
const caller = () => staffRouter.createCaller(till.workstation.context("window"));
function register(givenName: string): void {
  const person = { givenName, familyName: "Ellison", dateOfBirth: "1958-12-03", phone: null };
  engine().execute(registerPatient, person, { user: practice.people.DO, role: null });
}
const settled = () =>
  until(
    () => {
      const present = till.workstation.engineOrNull();
      return (
        present?.ready() === true && present.sync.status().phase === "live" && present.replica.unsettledCount() === 0
      );
    },
    () => `not settled: ${JSON.stringify(till.workstation.care())}`,
  );
/** The key that opens the replica; there may be the next one beside it. */
const schemaOf = (schema?: number): number => {
  for (const hex of till.secrets.values()) {
    try {
      const sqlite = openReplica({ path, key: Buffer.from(hex, "hex") });
      const present = sqlite.pragma("user_version", { simple: true }) as number;
      if (schema !== undefined) sqlite.pragma(`user_version=${schema}`);
      sqlite.close();
      return present;
    } catch {
      // The other one does.
    }
  }
  throw new Error("No key opens the replica");
};

/** The centre comes back under another epoch and gives the till a file; `meanwhile` runs before it is exchanged. */
async function exchangeAfter(meanwhile: () => void): Promise<void> {
  await centre.close();
  centre = await startFilingCentre(db, { epoch: "after" });
  till.line.url = centre.url;
  let done = false;
  till.beforeExchange = () => {
    meanwhile();
    done = true;
  };
  engine().sync.setPlugged(true);
  await until(
    () => done,
    () => "no file came",
  );
}

test("a replica that does not open after an exchange is a problem on the screen, not an empty PC, and opens once it is put right", async () => {
  let schema = 0;
  const before = engine();
  await exchangeAfter(() => {
    // The file is gone, and what it was to replace is one that this version must not touch.
    rmSync(downloadOf(path));
    schema = schemaOf(9990);
  });
  await until(
    () => till.workstation.care().problem !== null,
    () => "no problem is said",
  );
  expect(till.workstation.engineOrNull()).toBeNull();
  expect(till.workstation.care()).toMatchObject({ repairing: false, problem: { code: "FROM_THE_FUTURE" } });
  expect(await caller().setup.state()).toMatchObject({ stage: "problem" });
  const again = { serverUrl: centre.url, code: "ABCDEFGHJKLM", deviceName: "Till" };
  await expect(caller().setup.join(again)).rejects.toThrow(/safe and stays untouched/);
  // What people do meanwhile is refused in the same words.
  expect(() => till.workstation.engine()).toThrow(/safe and stays untouched/);

  expect(schemaOf(schema)).toBe(9990);
  await caller().care.retry();
  expect(till.workstation.care().problem).toBeNull();
  expect(engine()).not.toBe(before);
  expect(names().map(({ name }) => name)).toContain("Bea");
  await settled();
  expect(names()).toEqual([{ name: "Ann" }, { name: "Bea" }]);
});

test("one that turns out to be damaged in that moment is put in order, and what was not sent goes on", async () => {
  await exchangeAfter(() => {
    engine().db.pragma("wal_checkpoint(TRUNCATE)");
    flipPages(path, [1]);
  });
  await until(
    () => till.workstation.care().events.length > 0,
    () => JSON.stringify(till.workstation.care()),
  );
  expect(till.workstation.care()).toMatchObject({ problem: null, events: [{ kind: "repaired", missing: 0 }] });
  await settled();
  expect(names()).toEqual([{ name: "Ann" }, { name: "Bea" }]);
});
