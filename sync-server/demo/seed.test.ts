import { afterAll, beforeAll, expect, test } from "vitest";
import { makeSealingKeys, makeSigningKeys, systemRandom } from "../../replica/crypto.ts";
import { demoPassword } from "../../resources/demo/people.ts";
import { directUpstream } from "../../sim/direct.ts";
import { memoryReplicaFor, openTestCentre, systemClock, systemTimers } from "../../sim/practice.ts";
import { createEngine } from "../../src-main/engine/engine.ts";
import { searchPatients } from "../../src-main/engine/patients/queries.ts";
import { stages } from "../../src-shared/lab/stages.ts";
import { silentLog } from "../../src-shared/sync/ports.ts";
import type { Centre } from "../centre.ts";
import { enrol } from "../identity/enrol.ts";
import { verifyPassword } from "../identity/people.ts";
import { type DemoStart, NotADemo, prepareDemo } from "./seed.ts";

let centre: Centre;
let demo: DemoStart;
/** Processor time of making the practice, milliseconds: unlike the clock it does not count what else the machine does. */
let cost: number;

beforeAll(async () => {
  centre = await openTestCentre();
  await expect(prepareDemo(centre, { reset: false })).rejects.toThrow(NotADemo);
  await centre.db.query("insert into server_meta (key, value) values ('kind', 'demo')");
  const before = process.cpuUsage();
  demo = await prepareDemo(centre, { reset: false });
  const { user, system } = process.cpuUsage(before);
  cost = (user + system) / 1000;
}, 60_000);
afterAll(() => centre.db.close());

const count = async (what: string) => (await centre.db.query<{ n: number }>(`select count(*) as n from ${what}`))[0]?.n;

test("the practice is made quickly, and whole", async () => {
  expect(cost).toBeLessThan(4000);
  expect(await count("practice")).toBe(1);
  expect(await count("branch")).toBe(3);
  expect(await count("app_user")).toBe(8);
  expect(await count("patient")).toBe(241);
  expect(await count("case_file")).toBe(18);
  expect(await count("contact_lens_spec where expires_on < to_char(now(), 'YYYY-MM-DD')")).toBe(1);
  expect(await count("handoff where handled_at is null")).toBe(4);
  expect(await count("stock_level where on_hand < 0")).toBe(0);
});

test("folds are right: stages of jobs, balances of sales, statuses of cases", async () => {
  const jobs = await centre.db.query<{ stage: string; late_events: number; last_event_id: string | null }>(
    "select * from job",
  );
  expect(jobs).toHaveLength(34);
  expect(new Set(jobs.map(({ stage }) => stage))).toEqual(new Set(stages));
  for (const job of jobs) expect(job).toMatchObject({ late_events: 0, last_event_id: expect.any(String) });
  expect(await count("job where held")).toBe(4);
  expect(await count("job where stage <> 'released' and tray is null")).toBe(0);

  const sums = await centre.db.query<{
    id: string;
    total: number;
    paid: number;
    balance: number;
    lines: number;
    payments: number;
  }>(
    `select s.id, s.total, s.paid, s.balance,
       (select sum(line_total)::int8 from sale_line l where l.sale_id=s.id) as lines,
       (select sum(amount)::int8 from payment p where p.sale_id=s.id) as payments from sale s`,
  );
  expect(sums).toHaveLength(54);
  for (const sale of sums) {
    expect(sale.total).toBe(sale.lines);
    expect(sale.paid).toBe(sale.payments);
    expect(sale.balance).toBe(sale.total - sale.paid);
  }
  expect(await count("sale where balance > 0")).toBeGreaterThan(3);
  expect(await count("exam where record_id is null")).toBe(0);
  expect(await count("case_file where status='reopened'")).toBe(1);
  expect(await count("case_file where urgency='E0'")).toBe(1);
});

test("everybody has the demo's password", async () => {
  const credentials = await centre.db.query<{ hash: string }>("select hash from user_credential");
  expect(credentials).toHaveLength(8);
  expect(await verifyPassword(credentials[0]?.hash as string, demoPassword)).toBe(true);
});

async function deviceOf(start: DemoStart, key: string) {
  const workstation = start.workstations.find((candidate) => candidate.key === key);
  if (!workstation) throw new Error(`No workstation ${key}`);
  const keys = makeSigningKeys();
  const sealing = makeSealingKeys();
  const enrolment = await enrol(centre, {
    code: workstation.code,
    deviceName: workstation.name,
    ed25519: keys.publicKey,
    x25519: sealing.publicKey,
  });
  const random = systemRandom();
  const identity = {
    practice: enrolment.practice,
    device: enrolment.device,
    epoch: enrolment.epoch,
    node: Buffer.from(random.bytes(8)).toString("hex"),
    branch: enrolment.branch,
    terminalCode: enrolment.terminalCode,
    profile: workstation.profile,
    privateKey: keys.privateKey,
    publicKey: keys.publicKey,
    sealingPrivateKey: sealing.privateKey,
    demo: true,
    notBefore: enrolment.notBefore,
  };
  const engine = createEngine({
    sqlite: memoryReplicaFor(identity),
    upstream: directUpstream(() => centre),
    clock: systemClock,
    timers: systemTimers,
    random,
    log: silentLog,
    app: "test",
  });
  return { engine, workstation, enrolment };
}

test("a till joins by its code and holds the practice", async () => {
  const { engine, workstation, enrolment } = await deviceOf(demo, "leeds-till");
  engine.start();
  await expect.poll(() => engine.ready() && engine.sync.status().phase, { timeout: 10_000 }).toBe("live");
  expect(enrolment).toMatchObject({ profile: "till", terminalCode: "T1", branch: workstation.branch });
  expect(searchPatients(engine.read, "ellison").length).toBe(3);
  expect(searchPatients(engine.read, "0418")).toHaveLength(1);
  engine.close();
}, 30_000);

test("a second start keeps the data and gives fresh codes; a reset starts anew", async () => {
  const again = await prepareDemo(centre, { reset: false });
  expect(again.practice).toBe(demo.practice);
  expect(again.workstations.map(({ userId }) => userId)).toEqual(demo.workstations.map(({ userId }) => userId));
  expect(new Set([...again.workstations, ...demo.workstations].map(({ code }) => code)).size).toBe(8);

  const fresh = await prepareDemo(centre, { reset: true });
  expect(fresh.practice).not.toBe(demo.practice);
  expect(await count("practice")).toBe(1);
  expect(await count("patient")).toBe(241);
  expect(await count("terminal_code")).toBe(0);
  expect(await count("enrolment_code")).toBe(4);
  const { engine } = await deviceOf(fresh, "york-lab");
  engine.start();
  await expect.poll(() => engine.ready() && engine.sync.status().phase, { timeout: 10_000 }).toBe("live");
  engine.close();
}, 40_000);
