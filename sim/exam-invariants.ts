/** What an optometrist wrote is found again: in use, in the record, in an amendment, or among values that lost. */
import type { StoredRow } from "../src-shared/sync/entity.ts";
import type { Body } from "../src-shared/sync/group.ts";
import type { Centre } from "../sync-server/centre.ts";

interface Settled {
  readonly hlc: string;
  readonly body: Body;
}

/**
 * What is gone, in words, or null. Each value of an entry that settled is the value now, or was seen by whoever wrote another (its stamp is in a later
 * change's base), or lost and was kept as a conflict. And what a draft holds beyond its record stands in an amendment.
 */
export async function lostFromExams(
  centre: Centre,
  practice: string,
  log: readonly { readonly header: string; readonly bodies: string }[],
): Promise<string | null> {
  const rowsOf = async (table: string) =>
    await centre.db.query<StoredRow>(`select * from "${table}" where practice_id=$1`, [practice]);
  const plain = (id: unknown) => String(id).replaceAll("-", "");
  const entries = new Map((await rowsOf("exam_entry")).map((row) => [plain(row.id), row]));
  const conflicts = await rowsOf("field_conflict");
  const patches: Settled[] = log.flatMap(({ header, bodies }) => {
    const { hlc } = JSON.parse(header) as { hlc: string };
    return (JSON.parse(bodies) as { body: string }[])
      .map(({ body }) => JSON.parse(body) as Body)
      .filter((body) => body.entity === "exam_entry" && (body.fields.value ?? null) !== null)
      .map((body) => ({ hlc, body }));
  });
  for (const { hlc, body } of patches) {
    const said = JSON.stringify(body.fields.value);
    const now = entries.get(body.row)?.value as string | null | undefined;
    if (now === said) continue;
    const seen = patches.some((other) => other.body.row === body.row && String(other.body.base.value ?? "") >= hlc);
    const kept = conflicts.some((row) => plain(row.row_id) === body.row && [row.kept, row.lost].includes(said));
    if (!seen && !kept) return `what was written into ${entries.get(body.row)?.key} is gone: ${said}`;
  }
  const amendments = await rowsOf("exam_amendment");
  for (const record of await rowsOf("exam_record")) {
    const content = JSON.parse(record.content as string) as { version: number; entries?: Record<string, unknown> };
    if (content.version === 1) continue;
    const told = amendments
      .filter(({ exam_id }) => exam_id === record.exam_id)
      .map(({ content: text }) => text as string)
      .join("\n");
    for (const row of entries.values()) {
      if (row.exam_id !== record.exam_id || row.value === null) continue;
      const value = JSON.parse(row.value as string) as unknown;
      const same = JSON.stringify(content.entries?.[row.key as string] ?? null) === JSON.stringify(value);
      if (!same && !told.includes(String(value)))
        return `the draft says ${row.key} ${row.value}, neither the record nor an amendment does`;
    }
  }
  return null;
}
