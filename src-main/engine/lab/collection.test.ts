/** Glasses whose dispensing the law restricts: who sold them, and who was there when they were handed out (domain §4.2). */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Clinic, type ClinicDevice, openCentreDatabase, openClinic } from "../../../sim/clinic.ts";
import { codeOf } from "../../../sim/exam-room.ts";
import { prescribe, registerPatient, updatePatient } from "../../../sim/work.ts";
import type { Database } from "../../../sync-server/database/database.ts";
import { checkout } from "../dispensing/checkout.ts";
import { receipt } from "../dispensing/queries.ts";
import { registrants } from "./collection.ts";
import { advanceJob } from "./commands.ts";
import { jobDetail } from "./queries.ts";

let db: Database;
let clinic: Clinic;
let till: ClinicDevice;
let bench: ClinicDevice;
beforeAll(async () => {
  db = await openCentreDatabase();
}, 60_000);
beforeEach(async () => {
  clinic = await openClinic(db);
  till = await clinic.device("till", "till");
  bench = await clinic.device("lab", "bench");
});
afterEach(() => clinic.close());
afterAll(() => db.close());

const yearsAgo = (years: number) => `${new Date().getFullYear() - years}-01-01`;
const sam = { name: "Sam Dale", number: "D-12345" };

/** Glasses sold to somebody of that age, paid and ready at the branch. */
async function ready(born: string): Promise<{ patient: string; job: string; sale: string }> {
  const { id: patient } = till.as("DO", registerPatient, {
    givenName: "Tilly",
    familyName: "Hargreave",
    dateOfBirth: born,
  }) as { id: string };
  const prescriptionId = till.as("DO", prescribe, { patient });
  const { frame: frameId, lens: lensId } = clinic.practice.products;
  const price = (id: string) => till.rows("product").find((row) => row.id === id)?.price as number;
  const { saleId } = till.as("DO", checkout, {
    ...{ patientId: patient, prescriptionId, frameId, lensId },
    measurements: { pd_r: 310, pd_l: 310, height_r: 200, height_l: 200, bvd: 120 },
    tenders: [{ tender: "card", amount: price(frameId) + price(lensId), reference: null }],
  }) as { saleId: string };
  const job = till.rows("job").find((row) => row.patient_id === patient)?.id as string;
  await clinic.meet(till, bench);
  for (const to of ["received_lab", "passed"]) bench.as("LT", advanceJob, { jobId: job, to });
  await clinic.meet(bench, till);
  till.as("OW", advanceJob, { jobId: job, to: "ready" });
  await clinic.meet(till, bench);
  return { patient, job, sale: saleId };
}
const collect = (device: ClinicDevice, jobId: string, registrant?: object, who = "OW") =>
  codeOf(() => device.as(who, advanceJob, { jobId, to: "collected", ...(registrant ? { registrant } : {}) }));
const stageOf = (device: ClinicDevice, id: string) => device.rows("job").find((row) => row.id === id)?.stage;

test("a child's glasses go out only with a registrant who is named, and everybody sees who it was", async () => {
  const { job, sale } = await ready(yearsAgo(9));
  expect(receipt(till.engine.read, sale)?.pairs).toMatchObject([
    { registrant: { name: "Person DO", number: "01-DO" } },
  ]);
  expect(collect(till, job)).toBe("REGISTRANT_NEEDED");
  expect(collect(till, job, { name: "Sam Dale", number: "" })).toBe("INVALID");
  expect(stageOf(till, job)).toBe("ready");
  expect(collect(till, job, sam)).toBe("taken");
  await clinic.meet(till, bench);
  for (const device of [till, bench]) {
    expect(stageOf(device, job)).toBe("collected");
    const [last] = jobDetail(device.engine.read, job, "2026-11-28")?.events.toReversed() ?? [];
    expect(last).toMatchObject({ kind: "collected", registrant: sam });
  }
});

test("an adult's go out as they are, and whoever turned 16 since the sale is one for this", async () => {
  const { job, sale } = await ready(yearsAgo(50));
  expect(receipt(till.engine.read, sale)?.pairs).toMatchObject([{ registrant: undefined }]);
  expect(collect(till, job)).toBe("taken");
  const grown = await ready(yearsAgo(9));
  till.as("DO", updatePatient, { id: grown.patient, details: { dateOfBirth: yearsAgo(16) } });
  expect(collect(till, grown.job)).toBe("taken");
});

test("somebody who was registered sight impaired since the sale is asked for, too", async () => {
  const { patient, job } = await ready(yearsAgo(50));
  till.as("DO", updatePatient, { id: patient, details: { sightImpaired: "SSI" } });
  expect(collect(till, job)).toBe("REGISTRANT_NEEDED");
  expect(collect(till, job, sam)).toBe("taken");
});

test("a bench, which holds no patients, goes by what was so at the sale", async () => {
  const child = await ready(yearsAgo(9));
  const adult = await ready(yearsAgo(50));
  expect(bench.rows("patient")).toEqual([]);
  expect(collect(bench, child.job, undefined, "LT")).toBe("REGISTRANT_NEEDED");
  expect(collect(bench, adult.job, undefined, "LT")).toBe("taken");
});

test("colleagues with a number in the register are offered", () => {
  expect(registrants(till.engine.read).map(({ number }) => number)).toEqual(
    expect.arrayContaining(["01-DO", "01-CL", "01-OW"]),
  );
  expect(registrants(till.engine.read).map(({ name }) => name)).not.toContain("Person RC");
});
