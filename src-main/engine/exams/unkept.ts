/**
 * What stands in the fields of an open exam and is no part of it yet: half a word, half a power; and what was begun beside
 * it, a letter or an amendment. Each key press is written here, on this PC alone and past the log of changes, so that a
 * pulled plug takes nothing that was seen.
 */
import { z } from "zod";
import { refuse } from "../../../src-shared/sync/ports.ts";
import { idSchema } from "../../../src-shared/sync/wire.ts";
import type { Engine } from "../engine.ts";
import { bytes, type Reader } from "../read/database.ts";
import type { Transaction } from "../write/transaction.ts";

const fieldKey = z.string().min(1).max(120);
/** In the exam's own fields, gone with the signature; or in a dialog beside it, which a signed exam has too. */
const where = z.enum(["fields", "beside"]).default("fields");
type Where = z.output<typeof where>;
const kindOf: Readonly<Record<Where, string>> = { fields: "exam", beside: "exam-beside" };
export const unkeptOfInput = z.object({ id: idSchema, where });
export const unkeptInput = z.object({
  id: idSchema,
  where,
  /** By field; the screen that wrote it knows what it means. */
  keep: z.record(fieldKey, z.unknown()),
  /** Fields whose text has become part of the exam, or was taken back. */
  drop: z.array(fieldKey).max(400),
});
/** A whole screen of long texts stays below it. */
const longest = 400_000;

const rowKey = (exam: string, field: string) => `${exam}/${field}`;
/** All rows of an exam: its keys begin with its id and a slash, and `0` is the character after that. */
const range = (exam: string) => [`${exam}/`, `${exam}0`] as const;

/** Writes and takes back at once; durable when it returns. */
export function keepUnkept(
  { db, time }: Engine,
  user: string,
  { id, where: place, keep, drop }: z.output<typeof unkeptInput>,
): void {
  const bodies = Object.entries(keep).map(([field, value]) => [field, JSON.stringify(value)] as const);
  if (bodies.reduce((sum, [, body]) => sum + body.length, 0) > longest)
    throw refuse("TOO_LONG", "This is more than an exam can hold. Shorten it, then go on.");
  db.transaction(() => {
    const kind = kindOf[place];
    const remove = db.prepare("delete from local_draft where kind=? and key=? and user_id=?");
    const write = db.prepare("insert or replace into local_draft (kind, key, user_id, body, at) values (?,?,?,?,?)");
    for (const field of drop) remove.run(kind, rowKey(id, field), bytes(user));
    for (const [field, body] of bodies) write.run(kind, rowKey(id, field), bytes(user), body, time.now());
  })();
}

/** What this person had typed into the exam on this PC when it was last seen here. */
export function unkeptOf(read: Reader, user: string, exam: string, place: Where = "fields"): Record<string, unknown> {
  return Object.fromEntries(
    read
      .sql<{ key: string; body: string }>(
        "select key, body from local_draft where kind=? and key>? and key<? and user_id=?",
        kindOf[place],
        ...range(exam),
        bytes(user),
      )
      .map(({ key, body }) => [key.slice(exam.length + 1), JSON.parse(body) as unknown]),
  );
}

/** A signed exam has no open fields. A letter that was begun is written on. */
export function dropUnkept(tx: Transaction, exam: string): void {
  tx.sql("delete from local_draft where kind='exam' and key>? and key<? returning key", ...range(exam));
}
