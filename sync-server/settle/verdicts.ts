/** Verdicts that were given before. */
import { groupCrypto } from "../../replica/crypto.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import { hashHeader, type ParsedGroup } from "../../src-shared/sync/group.ts";
import type { Verdict } from "../../src-shared/sync/wire.ts";
import { arrayLiteral, type Queryable } from "../database/database.ts";

/** Verdicts already given: the log row is the verdict of what settled, the others have rows of their own. */
export async function knownVerdicts(
  tx: Queryable,
  practice: Id,
  groups: readonly ParsedGroup[],
): Promise<Map<Id, Verdict>> {
  const ids = arrayLiteral(groups.map(({ header }) => header.group));
  const known = new Map<Id, Verdict>();
  const rows = await tx.query<{ group_id: Id; seq: number; code: string | null; said: string }>(
    `select group_id, seq, null as code, header as said from change_log
     where practice_id=$1 and group_id = any(($2::text)::uuid[])
     union all
     select group_id, 0, code, args from verdict
     where practice_id=$1 and group_id = any(($2::text)::uuid[]) and code <> 'waiting'`,
    [practice, ids],
  );
  for (const { group_id, seq, code, said } of rows) {
    if (code === null) {
      known.set(group_id, { group: group_id, verdict: "duplicate", seq, hash: hashHeader(groupCrypto, said) });
      continue;
    }
    const args = JSON.parse(said);
    known.set(
      group_id,
      code === "review"
        ? { group: group_id, verdict: "review", args }
        : { group: group_id, verdict: "rejected", code: code as never, args },
    );
  }
  return known;
}

export async function rejectedAmong(tx: Queryable, practice: Id, groups: readonly Id[]): Promise<Set<Id>> {
  if (groups.length === 0) return new Set();
  const rows = await tx.query<{ group_id: Id }>(
    `select group_id from verdict
     where practice_id=$1 and code not in ('review', 'waiting') and group_id = any(($2::text)::uuid[])`,
    [practice, arrayLiteral(groups)],
  );
  return new Set(rows.map((row) => row.group_id));
}
