/**
 * The demo practice with its server and workstations in this process, for pictures of what a day seldom shows: the same
 * engine, host and screens as `npm run demo`, with their lines, keys and disks in our hands.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "@playwright/test";
import packageJson from "../../package.json" with { type: "json" };
import { systemRandom } from "../../replica/crypto.ts";
import type { PersonKey } from "../../resources/demo/people.ts";
import { emailOf } from "../../resources/demo/people.ts";
import { memoryKeeper } from "../../sim/workstations.ts";
import type { Engine } from "../../src-main/engine/engine.ts";
import { bytes } from "../../src-main/engine/read/database.ts";
import { webSocketUpstream } from "../../src-main/engine/sync/websocket.ts";
import { createWorkstation, replicaFile, type Workstation } from "../../src-main/engine/workstation.ts";
import type { Command } from "../../src-main/engine/write/define.ts";
import { type BrowserHost, startHost } from "../../src-main/host/server.ts";
import { clock, random, timers } from "../../src-main/host/surroundings.ts";
import { dataKeys } from "../../src-main/host/wiring.ts";
import { silentLog } from "../../src-shared/sync/ports.ts";
import { productRules, type SyncRules } from "../../src-shared/sync/rules.ts";
import { createCentre, systemAfter } from "../../sync-server/centre.ts";
import { migrateCentre } from "../../sync-server/database/migrate.ts";
import { openPglite } from "../../sync-server/database/pglite.ts";
import { type DemoWorkstation, prepareDemo } from "../../sync-server/demo/seed.ts";
import { startHttp } from "../../sync-server/http.ts";
import { storeCode } from "../../sync-server/identity/enrol.ts";
import { createBakedFiles } from "../../sync-server/snapshots/baked.ts";

const renderer = join(import.meta.dirname, "../../out/renderer");

/** One PC of the practice and its screens. */
export interface Seat {
  readonly folder: string;
  readonly replica: string;
  /** What the computer's keychain holds. */
  readonly keys: Map<string, string>;
  /** The key of the data. */
  key(): Promise<Uint8Array>;
  readonly url: string;
  readonly engine: Engine;
  readonly station: Workstation;
  /** Opens the data in the folder and serves it at an address of its own. */
  open(options?: { readonly restore?: string; readonly backups?: string }): Promise<void>;
  close(): Promise<void>;
  join(server?: string): Promise<void>;
  /** Takes it off the network, or puts it back and waits until everything is sent and seen. */
  unplug(): void;
  plugIn(): Promise<void>;
  /** What somebody does here, without the screens. */
  as<I, O>(person: PersonKey, command: Command<I, O>, input: unknown): O;
  /** The id of the first row for which this holds; an id in it is given apart. */
  id(table: string, where: string, id?: string): string;
  patient(given: string, family: string): string;
  person(who: PersonKey): string;
  /** Its windows hear nothing more and stay as they are; from `thaw` on new ones can be opened. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  page(browser: Browser, options: BrowserContextOptions): Promise<Page>;
  pageOf(browser: Browser, person: PersonKey, options: BrowserContextOptions): Promise<Page>;
}

export type Clinic = Awaited<ReturnType<typeof openClinic>>;

export async function openClinic() {
  const folder = mkdtempSync(join(tmpdir(), "horopter-screens-"));
  const db = await openPglite(null);
  await migrateCentre(db);
  await db.query("insert into server_meta (key, value) values ('kind', 'demo')");
  const secret = "of the pictures' centre";
  let refused: ((entity: string) => string | null) | null = null;
  const rules: SyncRules = {
    ...productRules,
    authorise(access, person, entity, body, row, whole) {
      const permission = refused?.(entity.name) ?? null;
      if (permission) return { allowed: false, permission, countersign: false };
      return productRules.authorise(access, person, entity, body, row, whole);
    },
  };
  const shared = { db, secret, epoch: "1", log: silentLog, now: Date.now } as const;
  const files = createBakedFiles({ ...shared, folder: join(folder, "files"), after: systemAfter, smallest: 500 });
  const centre = createCentre({ ...shared, since: null, demo: true, random: systemRandom(), rules, files });
  await centre.hub.start();
  await files.start();
  const demo = await prepareDemo(centre, { reset: false });
  const http = await startHttp(centre, { host: "127.0.0.1", port: 0 });
  const seats: Seat[] = [];

  function seat(place: DemoWorkstation, name: string): Seat {
    const at = join(folder, name.replaceAll(" ", "-"));
    const secrets = memoryKeeper();
    let station: Workstation | null = null;
    let host: BrowserHost | null = null;
    const need = () => {
      if (!station) throw new Error(`${name} is not open`);
      return station;
    };
    const made: Seat = {
      folder: at,
      replica: join(at, replicaFile),
      keys: secrets.entries,
      key: () => dataKeys({ folder: at, secrets }).dataKey(),
      get url() {
        return host?.url ?? "";
      },
      get station() {
        return need();
      },
      get engine() {
        return need().engine();
      },
      async open(options = {}) {
        station = await createWorkstation({
          folder: at,
          ...dataKeys({ folder: at, secrets }),
          connect: (url) => webSocketUpstream(url, timers),
          clock,
          timers,
          random,
          log: silentLog,
          version: packageJson.version,
          pcName: name,
          demo: true,
          ...options,
        });
        await made.thaw();
      },
      async close() {
        await made.freeze();
        await station?.close();
        station = null;
      },
      async join(server = http.url) {
        const { branch, profile, userId } = place;
        const { code } = await storeCode(centre, {
          practice: demo.practice,
          by: null,
          branch,
          deviceName: name,
          profile,
        });
        await need().join(server, (connection, keys) => connection.enrol({ code, deviceName: name, ...keys }), {
          demo: true,
          defaultUser: userId,
        });
        await until(() => need().engineOrNull()?.ready() === true, `${name} never filled`);
      },
      unplug: () => need().engine().sync.setPlugged(false),
      async plugIn() {
        need().engine().sync.setPlugged(true);
        await until(() => atRest(need().engine()), `${name} never came to rest`);
      },
      as: (person, command, input) => {
        const { engine } = made;
        return engine.execute(command, input, { user: made.person(person), role: null });
      },
      id(table, where, id) {
        const values = id === undefined ? [] : [bytes(id)];
        const [row] = made.engine.read.sql<{ id: string }>(`select id from ${table} where ${where} limit 1`, ...values);
        if (!row) throw new Error(`No ${table} where ${where}`);
        return row.id;
      },
      patient: (given, family) => made.id("patient", `given_name='${given}' and family_name='${family}'`),
      person: (who) => made.id("app_user", `email='${emailOf(who)}'`),
      async freeze() {
        await host?.close();
        host = null;
      },
      async thaw() {
        host = await startHost({ workstation: need(), renderer, log: silentLog });
      },
      async page(browser, options) {
        const page = await (await browser.newContext(options)).newPage();
        await page.goto(made.url);
        return page;
      },
      async pageOf(browser, person, options) {
        const page = await made.page(browser, options);
        await page.getByLabel("Name or e-mail").fill(emailOf(person));
        await page.getByLabel("Password").fill(place.password);
        await page.getByRole("button", { name: /^Sign in/ }).click();
        await page.getByRole("navigation", { name: "Main" }).waitFor();
        return page;
      },
    };
    seats.push(made);
    return made;
  }

  return {
    url: http.url,
    /** From now on the centre asks for this right, which nobody has, where it is named for an entity; null: as ever. */
    refuse(what: typeof refused) {
      refused = what;
    },
    /** A new PC in the place of one of the demo's. */
    seat(key: DemoWorkstation["key"], name: string): Seat {
      return seat(demo.workstations.find((place) => place.key === key) as DemoWorkstation, name);
    },
    async close() {
      for (const each of seats) await each.close();
      await http.close();
      await centre.hub.stop();
      await files.close();
      await db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function atRest(engine: Engine): boolean {
  const { phase, behind } = engine.sync.status();
  return phase === "live" && behind === 0 && engine.replica.pending().every(({ state }) => state === "review");
}

export async function until(met: () => boolean, problem: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!met()) {
    if (performance.now() > deadline) throw new Error(problem);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
