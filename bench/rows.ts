/** The rows that a command left behind, read back for a floor to write again. */
import type { Engine } from "../src-main/engine/engine.ts";
import type { Body, WireBody } from "../src-shared/sync/group.ts";

export interface RawRow {
  readonly entity: string;
  /** The row as SQLite gives it: ids are bytes. */
  readonly row: Record<string, unknown>;
}

/** The rows that the latest group of this device inserted, as they stand in the file, parents first. */
export function lastGroupRows(engine: Engine): RawRow[] {
  const wire = engine.db
    .prepare("select bodies from sync_outbox order by device_seq desc limit 1")
    .pluck()
    .get() as string;
  return bodiesOf(wire)
    .filter((body) => body.op === "insert")
    .map(({ entity, row }) => ({
      entity,
      row: engine.db.prepare(`select * from "${entity}" where id=?`).get(Buffer.from(row, "hex")) as Record<
        string,
        unknown
      >,
    }));
}

/** The bodies of a group, from the text that the outbox keeps. */
export function bodiesOf(wire: string): Body[] {
  return (JSON.parse(wire) as WireBody[]).map(({ body }) => JSON.parse(body) as Body);
}
