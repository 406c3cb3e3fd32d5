import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { systemRandom } from "../../replica/crypto.ts";
import { type Postgres, startPostgres } from "../../scripts/postgres.ts";
import { signedHello } from "../../sim/greeted.ts";
import {
  enrolTestDevice,
  memoryReplicaFor,
  openTestCentre,
  type SmallPractice,
  smallPractice,
  systemClock,
  systemTimers,
} from "../../sim/practice.ts";
import { registerPatient } from "../../sim/work.ts";
import { createEngine, type Engine } from "../../src-main/engine/engine.ts";
import type { Identity } from "../../src-main/engine/state.ts";
import { webSocketUpstream } from "../../src-main/engine/sync/websocket.ts";
import type { DeviceProfile } from "../../src-shared/sync/entity.ts";
import { silentLog } from "../../src-shared/sync/ports.ts";
import type { Batch } from "../../src-shared/sync/wire.ts";
import type { Centre, CentreOptions } from "../centre.ts";
import type { Database } from "../database/database.ts";
import { migrateCentre } from "../database/migrate.ts";
import { openPostgres } from "../database/postgres.ts";
import { type HttpServer, startHttp } from "../http.ts";
import { writeAsCentre } from "../settle/write-as-centre.ts";

const random = systemRandom();
let postgres: Postgres;
let databases = 0;
let url: string;
let servers: Server[];
let engines: Engine[];
let practice: SmallPractice;
let admin: pg.Client;
beforeAll(async () => {
  postgres = await startPostgres();
  admin = new pg.Client({ connectionString: postgres.url });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await postgres.stop();
});
beforeEach(async () => {
  databases += 1;
  await admin.query(`create database test${databases}`);
  url = postgres.url.replace(/\/postgres$/, `/test${databases}`);
  servers = [];
  engines = [];
});
afterEach(async () => {
  for (const engine of engines) engine.close();
  await Promise.all(servers.map((server) => server.stop()));
});

interface Server {
  readonly centre: Centre;
  readonly http: HttpServer;
  live: boolean;
  stop(): Promise<void>;
}

/** One of the servers over the database, with pools of its own, on a port of its own. */
async function startServer(
  options: Partial<Pick<CentreOptions, "after" | "now">> & { database?: (db: Database) => Database } = {},
): Promise<Server> {
  const opened = await openPostgres(url, 4);
  await migrateCentre(opened);
  const db = options.database?.(opened) ?? opened;
  const { database: _, ...time } = options;
  const centre = await openTestCentre({ db, ...time });
  await centre.hub.start();
  const http = await startHttp(centre, { host: "127.0.0.1", port: 0 });
  const server: Server = {
    centre,
    http,
    live: true,
    async stop() {
      if (!server.live) return;
      server.live = false;
      await http.close();
      await centre.hub.stop();
      await opened.close();
    },
  };
  servers.push(server);
  return server;
}

async function identityOf(profile: DeviceProfile): Promise<Identity> {
  const { centre } = servers[0] as Server;
  const branch = profile === "lab" ? practice.branches.york : practice.branches.leeds;
  return enrolTestDevice(centre, practice.practice, { branch, profile, name: profile }, random);
}

/** A device whose line goes to whichever server `pick` names when it connects. */
async function device(pick: () => Server, profile: DeviceProfile = "till"): Promise<Engine> {
  const identity = await identityOf(profile);
  const engine = createEngine({
    sqlite: memoryReplicaFor(identity),
    upstream: { open: (onClose) => webSocketUpstream(pick().http.url, systemTimers).open(onClose) },
    clock: systemClock,
    timers: systemTimers,
    random,
    log: silentLog,
    app: "test",
  });
  engines.push(engine);
  engine.start();
  await until(() => engine.ready() && engine.sync.status().phase === "live");
  return engine;
}

async function until(met: () => boolean | Promise<boolean>, within = 12_000): Promise<void> {
  await expect.poll(met, { timeout: within, interval: 10 }).toBe(true);
}
const register = (engine: Engine, name: string) =>
  engine.execute(
    registerPatient,
    { givenName: name, familyName: "Ellison", dateOfBirth: "1958-12-03", phone: null },
    { user: practice.people.DO, role: null },
  );
const patients = (engine: Engine) =>
  engine.read.sql<{ given_name: string }>("select given_name from patient order by id").map((row) => row.given_name);
const waits = (engine: Engine) => engine.replica.unsettledCount();

test("three servers over one database: what is written at one arrives at the others, also after a listener broke", async () => {
  const three = [await startServer(), await startServer(), await startServer()];
  practice = await smallPractice((three[0] as Server).centre);
  const devices: Engine[] = [];
  for (const server of three) devices.push(await device(() => server));
  for (const [index, each] of devices.entries()) register(each, `from ${index}`);
  await until(() => devices.every((each) => patients(each).length === 3 && waits(each) === 0));
  // Nobody hears anything for a moment; the servers listen again by themselves, and read what they missed.
  await admin.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen %' and datname=$1",
    [`test${databases}`],
  );
  for (const [index, each] of devices.entries()) register(each, `again ${index}`);
  await until(() => devices.every((each) => patients(each).length === 6 && waits(each) === 0));
  expect(patients(devices[1] as Engine)).toEqual(patients(devices[0] as Engine));
});

test("a word between servers that is lost is made up for by reading the heads", async () => {
  const first = await startServer();
  practice = await smallPractice(first.centre);
  const deaf = await startServer({
    database: (db) => ({ ...db, listen: async () => async () => {} }),
    // The heads are read every fifteen seconds; here time runs a hundred times as fast.
    after: (ms, task) => systemTimers.after(ms / 100, task),
  });
  const [a, b] = [await device(() => first), await device(() => deaf)];
  register(a, "Margaret");
  await until(() => patients(b).length === 1);
  expect(patients(b)).toEqual(["Margaret"]);
});

test("servers are restarted one after the other while everybody works: nothing is lost or doubled", async () => {
  const running = [await startServer(), await startServer(), await startServer()];
  practice = await smallPractice((running[0] as Server).centre);
  let turn = 0;
  const balancer = () => {
    const live = servers.filter((server) => server.live);
    return live[turn++ % live.length] as Server;
  };
  const tills: Engine[] = [];
  for (let n = 0; n < 5; n++) tills.push(await device(balancer));
  let made = 0;
  let working = true;
  const work = (async () => {
    while (working) {
      register(tills[made % tills.length] as Engine, `patient ${made}`);
      made += 1;
      await new Promise((resolve) => setTimeout(resolve, 8));
    }
  })();
  for (const server of running) {
    await startServer();
    const before = made;
    await server.stop();
    // Somebody worked meanwhile, and goes on.
    await until(() => made > before + 20);
  }
  working = false;
  await work;
  await until(() => tills.every((each) => waits(each) === 0 && patients(each).length === made));
  const all = Array.from({ length: made }, (_, n) => `patient ${n}`).sort();
  for (const till of tills) {
    expect([...patients(till)].sort()).toEqual(all);
    expect(till.read.sql("select * from sync_quarantine")).toEqual([]);
  }
  const { db } = (servers.at(-1) as Server).centre;
  const log = await db.query<{ seq: number }>("select seq from change_log where practice_id=$1 order by seq", [
    practice.practice,
  ]);
  expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
});

/** A device by hand on a real socket: it can stop reading. */
async function bareDevice(server: Server, identity: Identity) {
  const socket = new WebSocket(`${server.http.url.replace("http", "ws")}/sync`, { perMessageDeflate: false });
  let next = 0;
  const answers = new Map<number, (data: { result?: { data?: never }; error?: { message: string } }) => void>();
  const batches: Batch[] = [];
  socket.on("error", () => {});
  socket.on("message", (data) => {
    const text = String(data);
    if (text === "PING") return socket.send("PONG");
    const message = JSON.parse(text);
    if (message.result?.type === "data" && !answers.has(message.id)) batches.push(message.result.data.data);
    answers.get(message.id)?.(message);
    answers.delete(message.id);
  });
  await new Promise((resolve) => socket.once("open", resolve));
  const ask = <T>(method: string, path: string, input?: unknown) =>
    new Promise<T>((resolve, reject) => {
      const id = ++next;
      answers.set(id, ({ result, error }) =>
        error ? reject(new Error(error.message)) : resolve((result as { data: T }).data),
      );
      socket.send(JSON.stringify({ id, method, params: { path, input } }));
    });
  const { nonce } = await ask<{ nonce: string }>("mutation", "sync.challenge");
  const hello = await ask<{ serverEpoch: string; streamSet: number }>(
    "mutation",
    "sync.hello",
    signedHello(identity, nonce),
  );
  return {
    socket,
    batches,
    ask,
    follow: (seq: number) =>
      socket.send(
        JSON.stringify({
          id: ++next,
          method: "subscription",
          params: { path: "sync.stream", input: { ...hello, seq, whole: true } },
        }),
      ),
  };
}

/** Changes by the centre that make a log of about so many megabytes. */
async function longLog({ centre }: Server, megabytes: number): Promise<void> {
  for (let n = 0; n < megabytes; n++) {
    await centre.db.transaction((tx) =>
      writeAsCentre(centre.settle, tx, practice.practice, "test.notes", [
        {
          entity: "product",
          id: practice.products.frame,
          op: "patch",
          fields: { details: { n, text: "x".repeat(1_000_000) } },
        },
      ]),
    );
  }
}

test("who does not read is sent only a little, is cut off at last, and goes on from where it was", async () => {
  let later = 0;
  const server = await startServer({ now: () => Date.now() + later });
  practice = await smallPractice(server.centre);
  const identity = await identityOf("single");
  await longLog(server, 14);
  const [head] = await server.centre.db.query<{ seq: number }>("select seq from practice_head");
  const slow = await bareDevice(server, identity);
  const gone = new Promise((resolve) => slow.socket.once("close", resolve));
  slow.socket.pause();
  slow.follow(0);
  await until(() => server.http.unread() > 0);
  // What the operating system takes besides is its own affair; here a batch or two wait, not ten megabytes.
  for (let look = 0; look < 20; look++) {
    expect(server.http.unread()).toBeLessThan(3_000_000);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(server.http.unread()).toBeGreaterThan(0);
  later = 180_000;
  await until(() => server.http.unread() === 0);
  slow.socket.resume();
  await gone;
  const again = await bareDevice(server, identity);
  again.follow(slow.batches.at(-1)?.to ?? 0);
  await until(() => again.batches.at(-1)?.to === head?.seq);
  const seen = [...slow.batches, ...again.batches];
  expect(seen.map(({ from }) => from)).toEqual([0, ...seen.slice(0, -1).map(({ to }) => to)]);
  again.socket.terminate();
});

test("fifty devices that fill at once do not stop a sale from settling", async () => {
  const server = await startServer();
  practice = await smallPractice(server.centre);
  const till = await device(() => server);
  const identity = await identityOf("single");
  const fillers = await Promise.all(Array.from({ length: 50 }, () => bareDevice(server, identity)));
  let pages = 0;
  let filling = true;
  const storm = fillers.map(async ({ ask }) => {
    while (filling) {
      await ask("query", "sync.snapshotPage", { entity: "role_permission", afterKey: null, limit: 2000 });
      pages += 1;
    }
  });
  await until(() => pages > 100);
  for (let n = 0; n < 10; n++) register(till, `sale ${n}`);
  await until(() => waits(till) === 0);
  const before = pages;
  await until(() => pages > before);
  filling = false;
  await Promise.all(storm);
  for (const { socket } of fillers) socket.terminate();
});
