/** Workstations as a shell starts them: folders of their own, encrypted files, keys in a keeper, a centre without sockets. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemRandom } from "../replica/crypto.ts";
import type { Engine } from "../src-main/engine/engine.ts";
import { createWorkstation, replicaFile, type Workstation } from "../src-main/engine/workstation.ts";
import type { Command } from "../src-main/engine/write/define.ts";
import { dataKeys } from "../src-main/host/wiring.ts";
import type { SecretStore } from "../src-main/secrets/store.ts";
import type { DeviceProfile } from "../src-shared/sync/entity.ts";
import { silentLog } from "../src-shared/sync/ports.ts";
import { storeCode } from "../sync-server/identity/enrol.ts";
import type { Clinic } from "./clinic.ts";
import { until } from "./clinic.ts";
import { directUpstream } from "./direct.ts";
import { systemClock, systemTimers } from "./practice.ts";
import { prescribe, registerPatient, sell } from "./work.ts";

export interface Place {
  readonly folder: string;
  readonly path: string;
  readonly secrets: SecretStore & { readonly entries: Map<string, string> };
  /** The line to the centre; without one nothing is refused, it is just not there. */
  plugged: boolean;
  readonly clock: { skew: number };
  readonly station: Workstation;
  readonly engine: Engine;
  open(options?: { restore?: string; backups?: string }): Promise<Workstation>;
  close(): Promise<void>;
  /** Enrols with a fresh code of head office and waits until the replica is filled. */
  join(profile?: DeviceProfile): Promise<void>;
  as<I, O>(person: keyof Clinic["practice"]["people"], command: Command<I, O>, input: unknown): O;
  /** Waits until the line is up and everything of this device's is settled. */
  settled(): Promise<void>;
  key(): Promise<Uint8Array>;
  /** Takes the line away; what is done from now on waits. */
  unplug(): void;
  /** Closes it and takes its folder away. */
  remove(): Promise<void>;
}

export function memoryKeeper(): Place["secrets"] {
  const entries = new Map<string, string>();
  return {
    provider: "keyring:test",
    entries,
    get: async (name) => entries.get(name) ?? null,
    set: async (name, value) => void entries.set(name, value),
    delete: async (name) => void entries.delete(name),
  };
}

/** A PC for a workstation of this clinic; `remove` takes its folder away. */
export function newPlace(
  clinic: Clinic,
  { folder = mkdtempSync(join(tmpdir(), "horopter-place-")), secrets = memoryKeeper() } = {},
): Place {
  let station: Workstation | null = null;
  const clock = { ...systemClock, skew: 0, wall: () => Date.now() + clock.skew };
  const upstream = directUpstream(() => (place.plugged ? clinic.centre() : null));
  const need = () => {
    if (!station) throw new Error("The workstation is not open");
    return station;
  };
  const place = {
    folder,
    path: join(folder, replicaFile),
    secrets,
    plugged: true,
    clock,
    get station() {
      return need();
    },
    get engine() {
      return need().engine();
    },
    async open(options: { restore?: string; backups?: string } = {}) {
      station = await createWorkstation({
        folder,
        ...dataKeys({ folder, secrets }),
        connect: () => upstream,
        clock,
        timers: systemTimers,
        random: systemRandom(),
        log: silentLog,
        version: "test",
        pcName: "Test PC",
        ...options,
      });
      return station;
    },
    async close() {
      upstream.cut("closed");
      await station?.close();
      station = null;
    },
    async join(profile: DeviceProfile = "till") {
      const { code } = await storeCode(clinic.centre(), {
        practice: clinic.practice.practice,
        by: null,
        branch: clinic.practice.branches.leeds,
        deviceName: "Till",
        profile,
      });
      await need().join("direct", (connection, keys) => connection.enrol({ code, deviceName: "Till", ...keys }));
      await place.settled();
    },
    as<I, O>(person: keyof Clinic["practice"]["people"], command: Command<I, O>, input: unknown): O {
      return place.engine.execute(command, input, { user: clinic.practice.people[person], role: null });
    },
    async settled() {
      place.plugged = true;
      need().engineOrNull()?.sync.tryNow();
      await until(
        () => {
          const engine = need().engineOrNull();
          return (
            engine?.ready() === true &&
            engine.sync.status().phase === "live" &&
            engine.sync.status().behind === 0 &&
            engine.state.meta("fence") === null &&
            engine.replica.pending().every(({ state }) => state === "review")
          );
        },
        () => `never settled: ${JSON.stringify([need().engineOrNull()?.sync.status(), need().care()])}`,
      );
    },
    key: () => dataKeys({ folder, secrets }).dataKey(),
    unplug() {
      place.plugged = false;
      upstream.cut("unplugged");
    },
    async remove() {
      await place.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return place;
}

/** What the glasses of `sellGlasses` cost. */
export const price = 44_700;

/** Registers a patient at the place and sells her glasses, paid in full; returns the receipt's number. */
export function sellGlasses(clinic: Clinic, at: Place, familyName: string): { sale: string; number: string } {
  const person = { givenName: "Margaret", familyName, dateOfBirth: "1958-12-03", phone: "07700 900418" };
  const patient = (at.as("DO", registerPatient, person) as { id: string }).id;
  const prescription = at.as("DO", prescribe, { patient });
  const { products, branches } = clinic.practice;
  const basket = { patient, prescription, frame: products.frame, lens: products.lens, lab: branches.york };
  return at.as("DO", sell, { ...basket, paid: price });
}

/** Flips a bit in the middle of these pages of a closed file, as a bad disk does. */
export function flipPages(path: string, pages: readonly number[]): void {
  const bytes = readFileSync(path);
  for (const page of pages) {
    const at = (page - 1) * 4096 + 2000;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
  }
  writeFileSync(path, bytes);
}

/** The pages of a table or an index in an open replica's file, with what they are for and where they stand. */
export function pagesOf(engine: Engine, name: string): { page: number; kind: string; path: string }[] {
  engine.db.pragma("wal_checkpoint(TRUNCATE)");
  return engine.db
    .prepare("select pageno as page, pagetype as kind, path from dbstat where name=? order by path")
    .all(name) as { page: number; kind: string; path: string }[];
}
