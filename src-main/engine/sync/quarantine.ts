/** Groups that the centre did not take: kept with what was typed until a named person decides (P4). */
import type { Sqlite } from "../../../replica/open.ts";
import type { PendingGroup } from "../../../replica/replica.ts";

export function keepRejected(db: Sqlite, group: PendingGroup, code: string, args: unknown, at: number): void {
  db.prepare(
    `insert or ignore into sync_quarantine (group_id, code, args, command, header, sig, bodies, at)
     values (?,?,?,?,?,?,?,?)`,
  ).run(
    Buffer.from(group.group, "hex"),
    code,
    JSON.stringify(args),
    group.command,
    group.wire.header,
    group.wire.sig,
    JSON.stringify(group.wire.bodies),
    at,
  );
}
