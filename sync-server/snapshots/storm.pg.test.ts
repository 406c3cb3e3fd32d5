import { afterAll, beforeAll, expect, test } from "vitest";
import { loadLargePractice } from "../../bench/bulk.ts";
import { systemRandom } from "../../replica/crypto.ts";
import { type Postgres, startPostgres } from "../../scripts/postgres.ts";
import { until } from "../../sim/clinic.ts";
import { directUpstream } from "../../sim/direct.ts";
import { codeAt, startFilingCentre } from "../../sim/filing.ts";
import { enrolTestDevice, memoryReplicaFor, smallPractice, systemClock, systemTimers } from "../../sim/practice.ts";
import { createEngine } from "../../src-main/engine/engine.ts";
import { registerPatient } from "../../src-main/engine/patients/commands.ts";
import { silentLog } from "../../src-shared/sync/ports.ts";
import { migrateCentre } from "../database/migrate.ts";
import { openPostgres } from "../database/postgres.ts";

const random = systemRandom();
let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

test("a storm of new devices does not hold up a sale", async () => {
  const db = await openPostgres(postgres.url);
  await migrateCentre(db);
  const server = await startFilingCentre(db);
  const { centre } = server;
  const practice = await smallPractice(centre);
  const place = { branch: practice.branches.leeds, profile: "till", name: "Till" } as const;
  const identity = await enrolTestDevice(centre, practice.practice, place, random);
  const engine = createEngine({
    sqlite: memoryReplicaFor(identity),
    upstream: directUpstream(() => centre),
    clock: systemClock,
    timers: systemTimers,
    random,
    log: silentLog,
    app: "test",
  });
  engine.start();
  await until(
    () => engine.ready() && engine.sync.status().phase === "live",
    () => "never filled",
  );
  await loadLargePractice(centre, practice, identity.device, 2000, random);

  let storming = true;
  await Promise.all(Array.from({ length: 30 }, () => codeAt(server, practice)));
  const storm = server.files.rest().then(() => {
    storming = false;
  });
  // One after the other, each settled before the next is typed: all of them while files are being made.
  for (let n = 0; n < 10; n++) {
    const person = { givenName: "Margaret", familyName: `Number ${n}`, dateOfBirth: "1958-12-03", phone: null };
    engine.execute(registerPatient, person, { user: practice.people.DO, role: null });
    await until(
      () => engine.replica.unsettledCount() === 0,
      () => "never settled",
    );
  }
  expect(storming).toBe(true);
  await storm;
  const [made] = await db.query("select count(*) as n from baked_file where state='ready'");
  expect(made).toEqual({ n: 30 });
  engine.close();
  await server.close();
  await db.close();
});
