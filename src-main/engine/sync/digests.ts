/**
 * Anti-entropy: once a day, and whenever the centre is another than before, this device compares its settled rows with
 * the centre's, bucket by bucket, at one position of the log. What differs is fetched anew and told to the log of this
 * PC, without contents: it should never happen, and a person who looks after the product wants to know that it did.
 *
 * It waits until the device is up to date with nothing unsettled in the way, reads a few hundred rows at a time with
 * pauses between, and begins again where it was when somebody works meanwhile.
 */
import { schemaVersion } from "../../../migrations/index.ts";
import { rowFromValues, storedColumns } from "../../../replica/columns.ts";
import { sha256Hex } from "../../../replica/crypto.ts";
import type { Replica } from "../../../replica/replica.ts";
import { bucketOf, createDigest, differing, digestText, hashDigits } from "../../../src-shared/sync/digest.ts";
import type { Id } from "../../../src-shared/sync/fields.ts";
import type { Log, Timers } from "../../../src-shared/sync/ports.ts";
import { type AnyEntity, allEntities, holds, type StoredRow } from "../../../src-shared/sync/registry.ts";
import type { EngineState } from "../state.ts";
import type { EngineTime } from "../time.ts";
import { pageRows } from "./bootstrap.ts";
import type { Connection } from "./upstream.ts";

/** Some three milliseconds in which nobody else is served. */
const rowsAtOnce = 250;
/** Milliseconds of rest between two readings. */
const pause = 20;
/** Rows behind one question to the centre, about. */
const rowsPerQuestion = 5000;
/** Rows fetched at once, as the centre allows. */
const mostFetched = 500;

/** Somebody worked meanwhile, here or elsewhere: what was read stands for no position of the log. */
class Moved extends Error {}

export interface DigestOptions {
  readonly replica: Replica;
  readonly state: EngineState;
  readonly time: EngineTime;
  readonly timers: Timers;
  readonly log: Log;
  /** The open connection while the device is up to date. */
  readonly line: () => Connection | null;
  readonly changed: (touched: Set<string>) => void;
  readonly periods: DigestPeriods;
}
export interface DigestPeriods {
  /** Milliseconds from one comparison to the next. */
  readonly digest: number;
  /** Milliseconds between two looks at whether one is due and possible. */
  readonly look: number;
}
export const digestPeriods: DigestPeriods = { digest: 24 * 3_600_000, look: 60_000 };

interface Checked {
  readonly serverEpoch: string;
  readonly at: number;
}

export function createDigestCheck(options: DigestOptions) {
  const { replica, state, time, timers, log, line, periods } = options;
  const { db, store } = replica;
  let closed = false;
  let cancel: (() => void) | null = null;
  /** What is left of the comparison under way, and the centre it is made with. */
  let under: { readonly serverEpoch: string; rest: AnyEntity[]; mended: number } | null = null;

  function later(): void {
    if (!closed) cancel = timers.after(periods.look, () => void look());
  }

  async function look(): Promise<void> {
    try {
      if (isDue() && calmAt() !== null) await compare();
    } catch (error) {
      // Where the line went, or the rows moved, the next look goes on.
      if (!(error instanceof Moved)) log.info("digest interrupted", { reason: (error as Error).message });
    }
    later();
  }

  function isDue(): boolean {
    const checked = state.meta<Checked>("digest_checked");
    const epoch = state.cursor()?.serverEpoch;
    return checked?.serverEpoch !== epoch || time.now() - (checked?.at ?? 0) >= periods.digest;
  }

  /** The position of the log that the tables stand for; null while they hold anything else, or are not up to date. */
  function calmAt(): number | null {
    const cursor = state.cursor();
    return !closed && cursor && line() && replica.unsettledCount() === 0 ? cursor.seq : null;
  }
  function mustStandAt(seq: number): Connection {
    const connection = line();
    if (calmAt() !== seq || !connection) throw new Moved();
    return connection;
  }

  async function compare(): Promise<void> {
    const cursor = state.cursor();
    if (!cursor) return;
    const { serverEpoch, streamSet } = cursor;
    if (under?.serverEpoch !== serverEpoch)
      under = { serverEpoch, rest: allEntities.filter((entity) => holds(entity, streamSet)), mended: 0 };
    const current = under;
    while (current.rest.length > 0) {
      const seq = calmAt();
      if (seq === null) throw new Moved();
      const part = await digestSome(current.rest, seq);
      const entities = part.map(({ entity }) => entity.name);
      const answer = await mustStandAt(seq).digest({ seq, schema: schemaVersion, entities });
      if (answer.seq !== seq) throw new Moved();
      for (const [index, { entity, buckets }] of part.entries()) {
        const theirs = answer.buckets[index];
        // A centre of another version sees other columns and values: nothing can be said of them.
        const wrong = theirs ? differing(buckets, theirs) : [];
        if (wrong.length > 0) current.mended += await mend(entity, wrong);
        recount(entity);
      }
      current.rest = current.rest.slice(part.length);
    }
    state.setMeta("digest_checked", { serverEpoch, at: time.now() } satisfies Checked);
    log.info("digest", { mended: current.mended });
    under = null;
  }

  /** The digests of the first tables, as many as are worth one question. */
  async function digestSome(entities: readonly AnyEntity[], seq: number) {
    const made: { entity: AnyEntity; buckets: string[] }[] = [];
    let rows = 0;
    for (const entity of entities) {
      const digest = createDigest();
      rows += await eachRow(entity, seq, (row, hash) => digest.add(row.id, hash()));
      made.push({ entity, buckets: digest.buckets() });
      if (rows >= rowsPerQuestion) break;
    }
    return made;
  }

  /** Reads a table in steps, with its rows' hashes; throws `Moved` when it does not stay at `seq`. */
  async function eachRow(
    entity: AnyEntity,
    seq: number,
    take: (row: StoredRow, hash: () => string) => void,
  ): Promise<number> {
    const columns = storedColumns(entity);
    const list = columns.map((name) => `"${name}"`).join(",");
    const read = db.prepare(`select ${list} from "${entity.name}" where id > ? order by id limit ?`).raw();
    let after = Buffer.alloc(0);
    for (let rows = 0; ; ) {
      if (calmAt() !== seq) throw new Moved();
      const found = read.all(after, rowsAtOnce) as unknown[][];
      for (const values of found) {
        const row = rowFromValues(entity, values);
        take(row, () => sha256Hex(digestText(columns, row)).slice(0, hashDigits));
        after = values[0] as Buffer<ArrayBuffer>;
      }
      rows += found.length;
      if (found.length < rowsAtOnce) return rows;
      await new Promise<void>((resolve) => void timers.after(pause, resolve));
    }
  }

  /** Makes the rows of some buckets what the centre says they are; returns how many were not. */
  async function mend(entity: AnyEntity, buckets: readonly number[]): Promise<number> {
    const seq = calmAt();
    if (seq === null) throw new Moved();
    const theirs = await mustStandAt(seq).bucket({
      entity: entity.name,
      schema: schemaVersion,
      buckets: [...buckets],
    });
    if (theirs.seq !== seq) throw new Moved();
    const ours = new Map<Id, string>();
    const wanted = new Set(buckets);
    await eachRow(entity, seq, (row, hash) => {
      if (wanted.has(bucketOf(row.id))) ours.set(row.id, hash());
    });
    const wrong = theirs.rows.filter(([id, hash]) => ours.get(id) !== hash).map(([id]) => id);
    for (const [id] of theirs.rows) ours.delete(id);
    const surplus = [...ours.keys()];
    const rows: StoredRow[] = [];
    for (let from = 0; from < wrong.length; from += mostFetched) {
      const ids = wrong.slice(from, from + mostFetched);
      rows.push(...pageRows(await mustStandAt(seq).fetchRows({ entity: entity.name, ids })));
    }
    mustStandAt(seq);
    replica.rebase(() => {
      for (const id of surplus) {
        const row = store.get(entity, id);
        if (row) store.erase(row, entity);
      }
      for (const row of rows) replica.mend(entity, replica.newer.known(seq, entity, row));
      store.runFolds();
    });
    log.warn("replica mended", { entity: entity.name, rows: rows.length, surplus: surplus.length });
    options.changed(store.takeTouched());
    return rows.length + surplus.length;
  }

  /** Sums do not travel: whether they are right is a question to the rows here. */
  function recount(entity: AnyEntity): void {
    if (!entity.sum) return;
    let wrong = false;
    replica.rebase(() => {
      wrong = store.recount(entity);
    });
    if (!wrong) return;
    log.warn("sum mended", { entity: entity.name });
    options.changed(store.takeTouched());
  }

  return {
    start: later,
    close(): void {
      closed = true;
      cancel?.();
    },
  };
}
