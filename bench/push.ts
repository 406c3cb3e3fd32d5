/**
 * Checkouts made offline reach PostgreSQL: a device with an encrypted replica, a real WebSocket, the real sync server
 * in a process of its own, PostgreSQL 18 with fsync. The clock runs from plugging in until the centre's database says
 * that it holds the last of them.
 *
 * Floor: the rows of those checkouts (those the device made; no log, verdict or fold), 500 checkouts a transaction, one
 * `insert … select … from unnest(…)` per table with one array literal per column, one connection, statements prepared.
 */
import pg from "pg";
import { checkout } from "../src-main/engine/dispensing/checkout.ts";
import type { Engine } from "../src-main/engine/engine.ts";
import type { Field } from "../src-shared/sync/fields.ts";
import { type AnyEntity, entityOf } from "../src-shared/sync/registry.ts";
import type { BenchOptions } from "./report.ts";
import { median } from "./report.ts";
import { bodiesOf } from "./rows.ts";
import { startBenchServer } from "./server.ts";
import { dispenser, fill, inFolder, makeBaskets, openEngine, until } from "./support.ts";

const perTransaction = 500;

export async function pushBench({ quick, report }: BenchOptions): Promise<void> {
  const runs = 3;
  const count = quick ? 500 : 5000;
  await inFolder("push", async (folder) => {
    const server = await startBenchServer(folder, [{ profile: "till", branch: "leeds" }]);
    const client = new pg.Client({ connectionString: server.databaseUrl });
    await client.connect();
    const [identity] = server.devices;
    if (!identity) throw new Error("no device");
    const till = openEngine(folder, "till", identity, server.upstream());
    const { engine } = till;
    await fill(engine);
    const baskets = makeBaskets(engine, server.practice, 200);
    const actor = dispenser(server.practice);
    const sell = (n: number) => engine.execute(checkout, baskets[n % baskets.length], actor);
    sell(0);
    const lastAtCentre = async () => {
      const { rows } = await client.query("select last_seq from device_state where device_id=$1", [identity.device]);
      return Number(rows[0]?.last_seq ?? 0);
    };
    await until(() => engine.replica.unsettledCount() === 0, 60_000, "the first sale to settle");

    const real: number[] = [];
    const floor: number[] = [];
    const met: number[] = [];
    for (let run = 0; run < runs; run++) {
      engine.sync.setPlugged(false);
      for (let n = 0; n < count; n++) sell(n);
      const last = engine.state.writeState().deviceSeq;
      const batches = batchesOf(engine, last - count);
      floor.push(await writeBare(client, identity.practice, batches, run, count));
      const before = performance.now();
      engine.sync.setPlugged(true);
      await until(async () => (await lastAtCentre()) >= last, 600_000, "the centre to hold the checkouts");
      real.push((1000 * count) / (performance.now() - before));
      await until(() => engine.replica.unsettledCount() === 0, 600_000, "the log to come back");
      met.push((1000 * count) / (performance.now() - before));
    }
    till.close();
    await client.end();
    await server.stop();
    const note = `${count} checkouts, server in its own process; ${Math.round(median(met))}/s until the device has them settled too`;
    report({
      bench: "push",
      measure: "checkouts_per_s",
      value: median(real),
      unit: "1/s",
      floor: median(floor),
      runs,
      note,
    });
  });
}

type Columns = Map<string, unknown[]>;
/** Per transaction and entity: the values of every column. */
type Batch = Map<AnyEntity, Columns>;

/** The rows of the groups after a device sequence, as columns, with the folded ones of a settled sale or job. */
function batchesOf(engine: Engine, after: number): Batch[] {
  const groups = engine.db.prepare("select bodies from sync_outbox where device_seq > ? order by device_seq").pluck();
  const batches: Batch[] = [];
  let index = 0;
  for (const text of groups.iterate(after) as IterableIterator<string>) {
    if (index++ % perTransaction === 0) batches.push(new Map());
    const batch = batches[batches.length - 1] as Batch;
    for (const body of bodiesOf(text)) {
      if (body.op !== "insert") continue;
      const entity = entityOf(body.entity);
      const row = engine.replica.store.get(entity, body.row);
      if (!row) throw new Error("A checkout left no row");
      let columns = batch.get(entity);
      if (!columns) {
        columns = new Map(["id", "hlc", ...entity.columns, ...entity.foldColumns].map((name) => [name, []]));
        batch.set(entity, columns);
      }
      for (const [name, values] of columns) values.push(row[name]);
    }
  }
  return batches;
}

/** Writes the batches under an invented practice, which stands first in every key; returns checkouts per second. */
async function writeBare(
  client: pg.Client,
  like: string,
  batches: readonly Batch[],
  run: number,
  count: number,
): Promise<number> {
  const practice = `${like.slice(0, 24)}${(run + 1).toString(16).padStart(8, "0")}`;
  const before = performance.now();
  for (const batch of batches) {
    await client.query("begin");
    for (const [entity, columns] of batch) {
      const names = [...columns.keys()];
      const arrays = names.map((name, index) => `$${index + 2}::text::${typeOf(entity, name)}[]`);
      const chosen = names.map((name) => (name === "hlc" ? `decode(u.hlc,'hex')` : `u."${name}"`));
      const quoted = names.map((name) => `"${name}"`).join(",");
      const text = `insert into "${entity.name}" (practice_id,${quoted}) select $1::uuid,${chosen.join(",")} from unnest(${arrays.join(",")}) as u(${quoted})`;
      const values = [
        practice,
        ...names.map((name) => literal(typeOf(entity, name, true) === "json", columns.get(name) as unknown[])),
      ];
      await client.query({ name: `bare-${entity.name}`, text, values });
    }
    await client.query("commit");
  }
  return (1000 * count) / (performance.now() - before);
}

function typeOf(entity: AnyEntity, name: string, asField = false): string {
  const field = (entity.fields[name] ?? entity.fold?.columns[name]) as Field | undefined;
  const type = name === "id" ? "id" : name === "hlc" ? "hlc" : (field as Field).type;
  if (asField) return type;
  return { id: "uuid", hlc: "text", text: "text", int: "int8", bool: "bool", json: "text" }[type];
}

/** PostgreSQL's text form of an array. */
function literal(json: boolean, values: readonly unknown[]): string {
  const cells = values.map((value) => {
    if (value === null || value === undefined) return "NULL";
    if (!json && typeof value !== "string") return String(value);
    return `"${(json ? JSON.stringify(value) : (value as string)).replace(/[\\"]/g, "\\$&")}"`;
  });
  return `{${cells.join(",")}}`;
}
