import { expect, test } from "vitest";
import { createEngine } from "../src-main/engine/engine.ts";
import { registerPatient, updatePatient } from "../src-main/engine/patients/commands.ts";
import { searchPatients } from "../src-main/engine/patients/queries.ts";
import { systemRandom } from "../replica/crypto.ts";
import { silentLog } from "../src-shared/sync/ports.ts";
import { directUpstream } from "./direct.ts";
import { enrolTestDevice, memoryReplicaFor, openTestCentre, smallPractice, systemClock, systemTimers } from "./practice.ts";

const noisy = { info: console.info, warn: console.warn, error: console.error };
test("a patient registered at one till is found at another", async () => {
  const centre = await openTestCentre({ log: noisy });
  const practice = await smallPractice(centre);
  const random = systemRandom();
  async function device(name: string) {
    const identity = await enrolTestDevice(centre, practice.practice, { branch: practice.branches.leeds, profile: "till", name }, random);
    return createEngine({ sqlite: memoryReplicaFor(identity), upstream: directUpstream(() => centre), clock: systemClock, timers: systemTimers, random, log: noisy, app: "test" });
  }
  const a = await device("A");
  const b = await device("B");
  a.start();
  b.start();
  await expect.poll(() => a.ready() && b.ready() && a.sync.status().phase, { timeout: 5000 }).toBe("live");
  const actor = { user: practice.people.DO, role: null };
  const { id } = a.execute(registerPatient, { givenName: "Margaret", familyName: "Ellison", dateOfBirth: "1958-12-03", phone: "07700 900418" }, actor) as { id: string };
  await expect.poll(() => searchPatients(b.read, "marg").length, { timeout: 5000 }).toBe(1);
  expect(searchPatients(b.read, "0418")[0]?.number).toBe("LDS-T1-P000001");
  a.execute(updatePatient, { id, details: { phone: "07700 900999" } }, actor);
  await expect.poll(() => searchPatients(b.read, "0999").length, { timeout: 5000 }).toBe(1);
  await expect.poll(() => a.replica.unsettledCount(), { timeout: 5000 }).toBe(0);
  a.close();
  b.close();
  await centre.db.close();
}, 30_000);
