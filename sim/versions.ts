/**
 * Two versions of the product in one world (P17, scenario 19): devices and the centre are upgraded in mid-run, in an
 * order that the seed chooses; those that were wait for those that were not. Whatever happens, all that both versions
 * know is the same everywhere, and what only the newer one knows is there when an older device is upgraded.
 */
import type { Sqlite } from "../replica/open.ts";
import type { Command } from "../src-main/engine/write/define.ts";
import type { Body, Header } from "../src-shared/sync/group.ts";
import type { AnyEntity, StoredRow } from "../src-shared/sync/registry.ts";
import type { Centre } from "../sync-server/centre.ts";
import type { Database } from "../sync-server/database/database.ts";
import type { DeskOf } from "./decisions.ts";
import type { SimDevice, SimDeviceOptions } from "./devices.ts";
import { must, type Told, type View, wholeLog } from "./invariants.ts";
import type { Version } from "./next-version/index.ts";
import * as newWork from "./next-version/work.ts";
import type { openTestCentre } from "./practice.ts";
import type { Person } from "./simulate.ts";
import * as today from "./version.ts";
import { chance } from "./world.ts";

type Act = <I, O>(device: SimDevice, who: Person, command: Command<I, O>, input: unknown) => O | null;

export interface Versions {
  readonly openCentre: typeof openTestCentre;
  /** How devices of this world are started and reach the centre. */
  readonly device: Pick<SimDeviceOptions, "engineFor" | "lineTo">;
  /** Whether the centre stops now, and comes back as the next version. */
  centreUpgradesAt(step: number): boolean;
  /** Upgrades who is due, and lets those who are upgraded do what only they can. */
  step(step: number, devices: readonly SimDevice[], act: Act, told: Told, trace: (line: string) => void): void;
  /** What needs attention on a device, and deciding it: its own version's, which knows the rows that stand there. */
  readonly desk: DeskOf;
  check(centre: Centre, practice: string, devices: readonly SimDevice[], told: Told): Promise<void>;
  /** Upgrades everybody who is left, without a line to the centre, and checks again. */
  finish(devices: readonly SimDevice[]): Promise<void>;
}

const nextSchema = 990;

/** A database that served a seed before is of today's schema again. */
async function takeBack(db: Database): Promise<void> {
  await db.exec(`
    alter table patient drop column if exists preferred_name;
    alter table payment drop column if exists wallet_reference;
    drop table if exists recall_letter, recall_wish;
    delete from schema_migration where number = ${nextSchema}`);
}

export function createVersions(next: Version, seed: number, steps: number): Versions {
  const dice = chance(seed ^ 0x7e57);
  const centreFirst = dice.happens(0.6);
  // Before half-time in any case: then everybody has to meet, and a newer device waits for the centre.
  const centreAt = Math.floor(steps * (0.1 + 0.35 * dice.next()));
  const due = new Map<string, number>();
  const versionOf = new WeakMap<Centre, Version>();
  let centreVersion: Version = today;
  let opened = false;
  let last: { centre: Centre; practice: string } | null = null;

  function dueStep(name: string): number {
    const known = due.get(name);
    if (known !== undefined) return known;
    const first = centreFirst ? centreAt : 0;
    // Some are never upgraded while the world runs.
    const at = dice.happens(0.2) ? steps : first + dice.int(Math.floor(steps * 0.6));
    due.set(name, at);
    return at;
  }
  const upgraded = new Set<string>();
  const isNew = (sqlite: Sqlite) => sqlite.pragma("user_version", { simple: true }) === nextSchema;

  /** The centre's rows as a device of `version` has to see them: known columns, and folds by its own rules. */
  function viewFor(version: Version, centre: Centre, practice: string): View {
    const whole = versionOf.get(centre) ?? today;
    const rows = (entity: AnyEntity) => whole.settledRows(centre, practice, whole.entityOf(entity.name));
    return {
      entities: version.allEntities,
      async rows(entity) {
        const settled = await rows(entity);
        if (version === whole) return settled;
        const known = settled.map((row) => version.partRow(entity, row).row);
        const { fold } = entity;
        if (!fold) return known;
        const facts = new Map<string, Map<unknown, StoredRow[]>>();
        for (const [child, column] of Object.entries(fold.from))
          facts.set(
            child,
            Map.groupBy(await rows(version.entityOf(child)), (row) => row[column]),
          );
        return known.map((row) => ({
          ...row,
          ...fold.compute(
            row,
            Object.fromEntries([...facts].map(([child, byRow]) => [child, byRow.get(row.id) ?? []])),
          ),
        }));
      },
    };
  }
  const versionAt = (device: SimDevice) => (isNew(device.engine.db) ? next : today);

  const versions: Versions = {
    desk: versionAt,
    async openCentre(options) {
      if (options?.db && centreVersion === next) await next.migrateCentre(options.db);
      else if (options?.db && !opened) await takeBack(options.db);
      opened = true;
      const centre = await centreVersion.openTestCentre(options);
      versionOf.set(centre, centreVersion);
      return centre;
    },
    device: {
      engineFor: (name, sqlite) => (upgraded.has(name) || isNew(sqlite) ? next : today).createEngine,
      lineTo(centreOf, carrier) {
        const lines = [today, next].map((version) => ({
          version,
          line: version.directUpstream(() => {
            const centre = centreOf();
            return centre && versionOf.get(centre) === version ? centre : null;
          }, carrier),
        }));
        return {
          cut: (reason) => lines.forEach(({ line }) => void line.cut(reason)),
          open(onClose) {
            const centre = centreOf();
            const version = (centre && versionOf.get(centre)) ?? today;
            return (lines.find((each) => each.version === version) as (typeof lines)[number]).line.open(onClose);
          },
        };
      },
    },
    centreUpgradesAt(step) {
      if (step !== centreAt) return false;
      centreVersion = next;
      return true;
    },
    step(step, devices, act, told, trace) {
      for (const device of devices) {
        if (upgraded.has(device.name) || isNew(device.engine.db) || dueStep(device.name) > step) continue;
        trace(`${step} ${device.name} is upgraded`);
        upgraded.add(device.name);
        device.crash();
      }
      const newer = devices.filter((device) => isNew(device.engine.db) && device.engine.ready());
      if (newer.length > 0 && dice.happens(0.35)) newerWork(dice.pick(newer), act, told, trace);
    },
    async check(centre, practice, devices, told) {
      last = { centre, practice };
      const version = versionOf.get(centre) ?? today;
      await version.checkAll(centre, practice, devices, told, (device) => viewFor(versionAt(device), centre, practice));
      await newestStands(centre, practice, told);
    },
    async finish(devices) {
      if (!last) return;
      const { centre, practice } = last;
      for (const device of devices) {
        if (isNew(device.engine.db)) continue;
        device.cutOff();
        upgraded.add(device.name);
        device.crash();
        await today.sameAsCentre(centre, practice, device, viewFor(next, centre, practice));
        const [row] = device.engine.read.sql<{ n: number }>("select count(*) as n from sync_pending_unknown");
        must(row?.n === 0, "P17", () => `${device.name} was upgraded and still keeps ${row?.n} changes for later`);
      }
    },
  };

  function newerWork(device: SimDevice, act: Act, told: Told, trace: (line: string) => void): void {
    const { profile } = device.engine.identity();
    const any = (sql: string) => {
      const rows = device.engine.read.sql<{ id: string }>(sql);
      return rows.length > 0 ? dice.pick(rows).id : null;
    };
    const patient = any("select id from patient order by id limit 12");
    const who: Person = profile === "lab" ? "LT" : "DO";
    const run = <I, O>(command: Command<I, O>, input: unknown): O | null => {
      trace(`  ${device.name} ${who} ${command.name} ${JSON.stringify(input)}`);
      return act(device, who, command, input);
    };
    if (profile === "lab") return;
    const roll = dice.int(7);
    if (roll === 0 || !patient) run(newWork.registerNamed, { name: dice.pick(["Peggy", "Meg"]) });
    else if (roll < 3)
      run(newWork.preferName, {
        patient,
        name: dice.pick(["Peg", "Maggie", null]),
        phone: dice.pick([null, `07700 900${100 + dice.int(800)}`]),
      });
    else if (roll === 3) run(newWork.sendLetter, { patient, channel: dice.pick(["post", "email"]) });
    else if (roll === 4)
      run(newWork.wish, {
        patient,
        wish: dice.happens(0.5) ? any("select id from recall_wish order by id limit 8") : null,
        month: dice.pick(["May", "June"]),
      });
    else if (roll === 5) {
      const sale = any("select id from sale order by id desc limit 6");
      const amount = dice.pick([5_000, 11_175]);
      const before = told.saved.length;
      if (sale) run(newWork.payByWallet, { sale, amount });
      const saved = told.saved[before];
      if (saved) told.receipts.push({ group: saved.group, amount });
    } else {
      const file = any("select id from case_file order by id desc limit 6");
      if (file) run(newWork.lend, { case: file });
    }
  }

  /** P17: of what only the next version knows, the centre has what its log says, whoever wrote to the rows since. */
  async function newestStands(centre: Centre, practice: string, told: Told): Promise<void> {
    if (versionOf.get(centre) !== next) return;
    const stored = await centre.db.query<{ group_id: string; header: string; bodies: string }>(
      "select group_id, header, bodies from change_log where practice_id=$1 order by seq",
      [practice],
    );
    const log = wholeLog(stored, told);
    const names = new Map<string, { hlc: string; value: unknown }>();
    const letters = new Set<string>();
    for (const { header, bodies } of log) {
      const { hlc } = JSON.parse(header) as Header;
      for (const wire of JSON.parse(bodies) as { body: string }[]) {
        const body = JSON.parse(wire.body) as Body;
        if (body.entity === "recall_letter") letters.add(body.row);
        if (body.entity !== "patient" || !("preferred_name" in body.fields)) continue;
        const before = names.get(body.row);
        if (!before || hlc >= before.hlc) names.set(body.row, { hlc, value: body.fields.preferred_name });
      }
    }
    const patients = await next.settledRows(centre, practice, next.entityOf("patient"));
    for (const row of patients)
      must(
        (row.preferred_name ?? null) === (names.get(row.id)?.value ?? null),
        "P17",
        () => `${row.id} is called ${row.preferred_name}, the log says ${names.get(row.id)?.value}`,
      );
    const kept = await next.settledRows(centre, practice, next.entityOf("recall_letter"));
    must(kept.length === letters.size, "P17", () => `${letters.size} letters were sent, the centre has ${kept.length}`);
  }
  return versions;
}
