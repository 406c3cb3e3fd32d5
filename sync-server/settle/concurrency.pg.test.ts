import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { systemRandom } from "../../replica/crypto.ts";
import { type Postgres, startPostgres } from "../../scripts/postgres.ts";
import { directUpstream } from "../../sim/direct.ts";
import { type Greeted, greet, outboxOf } from "../../sim/greeted.ts";
import {
  enrolTestDevice,
  memoryReplicaFor,
  openTestCentre,
  smallPractice,
  systemClock,
  systemTimers,
} from "../../sim/practice.ts";
import { createEngine } from "../../src-main/engine/engine.ts";
import { registerPatient } from "../../src-main/engine/patients/commands.ts";
import { defineCommand } from "../../src-main/engine/write/define.ts";
import type { StoredRow } from "../../src-shared/sync/entity.ts";
import type { WireGroup } from "../../src-shared/sync/group.ts";
import { silentLog } from "../../src-shared/sync/ports.ts";
import { productRules, type SyncRules } from "../../src-shared/sync/rules.ts";
import type { Centre } from "../centre.ts";
import { migrateCentre } from "../database/migrate.ts";
import { openPostgres } from "../database/postgres.ts";
import { cutLog, logFloor } from "../retain/cut.ts";

const random = systemRandom();
let postgres: Postgres;
let databases = 0;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

async function freshDatabase(): Promise<string> {
  databases += 1;
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query(`create database test${databases}`);
  await client.end();
  return postgres.url.replace(/\/postgres$/, `/test${databases}`);
}

/** Two sync servers over one database, and a practice. */
async function twoServers(rules: SyncRules) {
  const url = await freshDatabase();
  const servers: Centre[] = [];
  for (const _ of ["first", "second"]) {
    const db = await openPostgres(url, 8);
    await migrateCentre(db);
    const centre = await openTestCentre({ db, rules });
    await centre.hub.start();
    servers.push(centre);
  }
  const [first, second] = servers as [Centre, Centre];
  return {
    first,
    second,
    practice: await smallPractice(first),
    async close() {
      for (const centre of servers) {
        await centre.hub.stop();
        await centre.db.close();
      }
    },
  };
}
type Servers = Awaited<ReturnType<typeof twoServers>>;

/** A patient under an id of somebody's choice, as no product's device would make it. */
const registerAs = defineCommand({
  name: "test.register-as",
  permission: "patients:create",
  input: z.object({ like: z.string(), id: z.string() }),
  run(tx, { like, id }) {
    const { id: _, hlc: __, deleted: ___, clocks: ____, ...fields } = tx.need("patient", like) as never as StoredRow;
    tx.insert("patient", { ...fields, number: tx.label("P") } as never, { id });
  },
});

/** A till's work of an afternoon without the centre: `count` signed groups; the third takes the id `twice`. */
async function offlineWork({ first, practice }: Servers, name: string, count: number, twice?: string) {
  const identity = await enrolTestDevice(
    first,
    practice.practice,
    { branch: practice.branches.leeds, profile: "till", name },
    random,
  );
  const engine = createEngine({
    sqlite: memoryReplicaFor(identity),
    upstream: directUpstream(() => first),
    clock: systemClock,
    timers: systemTimers,
    random,
    log: silentLog,
    app: "test",
  });
  engine.start();
  await expect.poll(() => engine.ready() && engine.sync.status().phase, { timeout: 10_000 }).toBe("live");
  engine.sync.setPlugged(false);
  const actor = { user: practice.people.DO, role: null };
  let last = "";
  for (let i = 0; i < count; i++) {
    if (i === 2 && twice) engine.execute(registerAs, { like: last, id: twice }, actor);
    else {
      const person = { givenName: name, familyName: `Number ${i}`, dateOfBirth: "1958-12-03", phone: null };
      last = (engine.execute(registerPatient, person, actor) as { id: string }).id;
    }
  }
  const groups = outboxOf(engine);
  engine.close();
  return { identity, groups };
}

/** Pushes one group after the other; says what was not simply settled. */
async function pushAll(till: Greeted, groups: readonly WireGroup[]): Promise<string[]> {
  const problems: string[] = [];
  for (const group of groups) {
    try {
      const answer = await till.caller.sync.push({ groups: [group] });
      if (answer.kind !== "verdicts") problems.push(`answered ${answer.kind}`);
      else
        for (const verdict of answer.verdicts)
          if (verdict.verdict !== "settled") problems.push(`a group was ${JSON.stringify(verdict)}`);
    } catch (error) {
      problems.push(`a push failed: ${(error as Error).message}`);
    }
  }
  return problems;
}

/** Reads the log by the stream, as a device would, until `until()` says how far it has to come. */
function follow(reader: Greeted, from: number) {
  const seen: number[] = [];
  const stop = new AbortController();
  let cursor = from;
  const reading = (async () => {
    for await (const batch of reader.batches(from, stop.signal)) {
      seen.push(...batch.groups.map(({ seq }) => seq));
      cursor = batch.to;
    }
  })().catch(() => {});
  return {
    async missedUpTo(head: number): Promise<string[]> {
      const until = performance.now() + 4000;
      while (cursor < head && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
      stop.abort();
      await reading;
      const expected = Array.from({ length: head - from }, (_, i) => from + 1 + i);
      if (JSON.stringify(seen) === JSON.stringify(expected)) return [];
      return [`a reader saw ${seen.length} of ${expected.length} groups`];
    },
  };
}

/** Four tills push to two servers at once while four devices read; returns everything that was not as it has to be. */
async function rushHour(rules: SyncRules): Promise<string[]> {
  const servers = await twoServers(rules);
  const { first, second, practice } = servers;
  try {
    const work = [];
    for (const name of ["A", "B", "C", "D"]) work.push(await offlineWork(servers, name, 25));
    const [start] = await first.db.query<{ seq: number }>("select seq from practice_head where practice_id=$1", [
      practice.practice,
    ]);
    const from = start?.seq ?? 0;
    const reader = await enrolTestDevice(
      first,
      practice.practice,
      { branch: practice.branches.york, profile: "single", name: "reader" },
      random,
    );
    const readers = [];
    for (const centre of [first, second, first, second]) readers.push(follow(await greet(centre, reader), from));
    const tills = [];
    for (const [index, { identity, groups }] of work.entries()) {
      tills.push({ till: await greet(index % 2 === 0 ? first : second, identity), groups });
    }
    const problems = (await Promise.all(tills.map(({ till, groups }) => pushAll(till, groups)))).flat();
    const log = await first.db.query<{ seq: number; group_id: string }>(
      "select seq, group_id from change_log where practice_id=$1 order by seq",
      [practice.practice],
    );
    if (log.some(({ seq }, index) => seq !== index + 1)) problems.push("the log has a gap");
    const settled = new Set(log.map(({ group_id }) => group_id));
    const lost = work
      .flatMap(({ groups }) => groups)
      .filter(({ header }) => !settled.has((JSON.parse(header) as { group: string }).group));
    if (lost.length > 0) problems.push(`${lost.length} groups are not in the log`);
    const [head] = await first.db.query<{ seq: number }>("select seq from practice_head where practice_id=$1", [
      practice.practice,
    ]);
    if (head?.seq !== log.length) problems.push(`the head says ${head?.seq}, the log ends at ${log.length}`);
    for (const each of readers) problems.push(...(await each.missedUpTo(log.length)));
    return problems;
  } finally {
    await servers.close();
  }
}

test("two servers settle for one practice at once: the log has no gap and readers miss nothing", async () => {
  expect(await rushHour(productRules)).toEqual([]);
}, 60_000);

test("without the head lock, groups are lost or refused", async () => {
  expect(await rushHour({ ...productRules, lockHead: false })).not.toEqual([]);
}, 60_000);

test("waking readers before the commit makes them pass over groups", async () => {
  const problems = await rushHour({ ...productRules, answerAfterCommit: false });
  expect(problems.join("\n")).toMatch(/a reader saw/);
}, 60_000);

test("two servers cut the log while tills push: one at a time, and every row up to one floor", async () => {
  const servers = await twoServers(productRules);
  try {
    const { first, second } = servers;
    const { practice } = servers.practice;
    const [a, b] = [await offlineWork(servers, "A", 20), await offlineWork(servers, "B", 20)];
    const tills = [
      { line: await greet(first, a.identity), groups: a.groups },
      { line: await greet(second, b.identity), groups: b.groups },
    ];
    // Everything is old, and nobody is waited for.
    const retention = { keepFor: -60_000, liveFor: -60_000, rows: 2, pause: 0 };
    let pushing = true;
    const cutting = [first, second].map(async (centre) => {
      while (pushing) await cutLog(centre, practice, retention);
    });
    expect(await Promise.all(tills.map(({ line, groups }) => pushAll(line, groups)))).toEqual([[], []]);
    pushing = false;
    await Promise.all(cutting);
    const floor = await logFloor(first.db, practice);
    const rows = await first.db.query<{ seq: number; bodies: string }>(
      "select seq, bodies from change_log where practice_id=$1 order by seq",
      [practice],
    );
    expect(floor).toBeGreaterThan(0);
    expect(rows.filter(({ seq, bodies }) => (bodies === "") !== seq <= floor)).toEqual([]);
  } finally {
    await servers.close();
  }
}, 60_000);

test("what settles at one server is on its way from the other within a second, by NOTIFY", async () => {
  const servers = await twoServers(productRules);
  const { first, second, practice } = servers;
  try {
    const { identity, groups } = await offlineWork(servers, "A", 3);
    const bench = await enrolTestDevice(
      first,
      practice.practice,
      { branch: practice.branches.york, profile: "single", name: "bench" },
      random,
    );
    const reader = await greet(second, bench);
    const stop = new AbortController();
    const arrivals: number[] = [];
    const reading = (async () => {
      for await (const batch of reader.batches(reader.hello.head, stop.signal)) {
        for (const { seq } of batch.groups) arrivals.push(seq);
      }
    })().catch(() => {});
    const till = await greet(first, identity);
    for (const group of groups) {
      const before = arrivals.length;
      await till.caller.sync.push({ groups: [group] });
      // The other way to notice, reading the head, happens every fifteen seconds.
      await expect.poll(() => arrivals.length, { timeout: 1000, interval: 10 }).toBe(before + 1);
    }
    stop.abort();
    await reading;
  } finally {
    await servers.close();
  }
}, 60_000);

test("what the database cannot hold is refused alone, and everything around it settles", async () => {
  const servers = await twoServers(productRules);
  const { first } = servers;
  try {
    const other = await offlineWork(servers, "A", 1);
    const [{ body = "{}" } = {}] = other.groups[0]?.bodies.filter((each) => each.body.includes('"patient"')) ?? [];
    const taken = (JSON.parse(body) as { row: string }).row;
    // Several devices: whether the refusal or what follows from it is heard of first is a matter of packets.
    const works: Awaited<ReturnType<typeof offlineWork>>[] = [];
    for (let each = 0; each < 8; each++) works.push(await offlineWork(servers, `B${each}`, 6, taken));
    expect(await pushAll(await greet(first, other.identity), other.groups)).toEqual([]);
    // All at once: what one of them brought is not the others' affair.
    const tills = await Promise.all(works.map(({ identity }) => greet(first, identity)));
    const answers = await Promise.all(
      tills.map((till, n) => till.caller.sync.push({ groups: works[n]?.groups ?? [] })),
    );
    for (const answer of answers) {
      if (answer.kind !== "verdicts") throw new Error(answer.kind);
      const { verdicts } = answer;
      expect(verdicts.map(({ verdict }) => verdict)).toEqual(
        verdicts.map((_, i) => (i === 2 ? "rejected" : "settled")),
      );
      expect(verdicts[2]).toMatchObject({ code: "UNSTORABLE" });
      expect(verdicts).toHaveLength(6);
    }
  } finally {
    await servers.close();
  }
}, 60_000);

test("tills that join a branch in the same moment get numbers of their own", async () => {
  const servers = await twoServers(productRules);
  try {
    const { practice, branches } = servers.practice;
    const joined = await Promise.all(
      Array.from({ length: 8 }, (_, n) => {
        const place = { branch: branches.leeds, profile: "till" as const, name: `Till ${n}` };
        return enrolTestDevice(n % 2 ? servers.first : servers.second, practice, place, random);
      }),
    );
    const codes = joined.map(({ terminalCode }) => terminalCode).sort();
    expect(codes).toEqual(Array.from({ length: 8 }, (_, n) => `T${n + 1}`));
  } finally {
    await servers.close();
  }
}, 60_000);

test("pushes that settle in one transaction are answered one by one", async () => {
  const servers = await twoServers(productRules);
  const { first, practice } = servers;
  try {
    const works: Awaited<ReturnType<typeof offlineWork>>[] = [];
    for (const name of ["whole", "gap", "taken out", "other"]) works.push(await offlineWork(servers, name, 3));
    const [whole, gap, out, other] = await Promise.all(works.map(({ identity }) => greet(first, identity)));
    const device = out?.connection.device?.device;
    await first.db.query("update device set status='revoked' where practice_id=$1 and id=$2", [
      practice.practice,
      device,
    ]);
    const push = (till: Greeted | undefined, n: number, from = 0) =>
      (till as Greeted).caller.sync.push({ groups: works[n]?.groups.slice(from) ?? [] });
    // The first one is under way when the others come.
    const answers = await Promise.allSettled([push(whole, 0), push(gap, 1, 1), push(out, 2), push(other, 3)]);
    const settled = { value: { kind: "verdicts", verdicts: works[0]?.groups.map(() => ({ verdict: "settled" })) } };
    expect(answers).toMatchObject([
      settled,
      { value: { kind: "gap", lastDeviceSeq: 0 } },
      { reason: { message: expect.stringMatching(/taken out/) } },
      settled,
    ]);
    expect(await push(gap, 1)).toMatchObject(settled.value);
  } finally {
    await servers.close();
  }
}, 60_000);
