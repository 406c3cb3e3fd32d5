/** Who wrote what stands in a signed exam, where more than one person wrote in it. */
import { same } from "../../../src-shared/exams/content.ts";
import type { ExamContent } from "../../../src-shared/exams/record-content.ts";
import { bytes, type Reader } from "../read/database.ts";

/** By column, entry's key or `<list>:<item id>`. */
export type Writers = Readonly<Record<string, { readonly who: string; readonly at: number }>>;

interface Draft {
  readonly id: string;
  readonly hlc: string;
  readonly clocks: string | null;
}

/**
 * A draft's fields carry the stamp of the change that they stand by, and the audit says whose it was. What the draft
 * says otherwise today was written after the signature, and is said by an amendment. Empty where one person wrote all.
 */
export function writersOf(read: Reader, exam: string, signed: ExamContent): Writers {
  const columns = Object.keys(signed.exam).map((name) => `"${name}"`);
  const [draft] = read.sql<Draft & Record<string, unknown>>(
    `select id, hlc, clocks, ${columns.join(", ")} from exam where id = ?`,
    bytes(exam),
  );
  const entries = read.sql<Draft & { key: string; value: string | null }>(
    "select id, hlc, clocks, key, value from exam_entry where exam_id = ? and deleted = 0",
    bytes(exam),
  );
  const items = read.sql<Draft & { list: string; data: string }>(
    "select id, hlc, clocks, list, data from exam_item where exam_id = ? and deleted = 0",
    bytes(exam),
  );
  const stamps = new Map<string, string>();
  for (const [name, value] of Object.entries(signed.exam)) {
    const stated = value !== null && name !== "kind";
    if (draft && stated && same(draft[name], value)) stamps.set(name, stampOf(draft, name));
  }
  for (const row of entries) {
    const said = signed.entries[row.key];
    if (said !== undefined && row.value !== null && same(JSON.parse(row.value), said))
      stamps.set(row.key, stampOf(row, "value"));
  }
  for (const row of items) {
    const said = signed.items[row.list]?.find(({ id }) => id === row.id);
    if (said && same({ id: row.id, ...(JSON.parse(row.data) as object) }, said))
      stamps.set(`${row.list}:${row.id}`, stampOf(row, "data"));
  }
  return named(authorsIn(read, [exam, ...entries.map(({ id }) => id), ...items.map(({ id }) => id)]), stamps);
}

function stampOf({ hlc, clocks }: Draft, field: string): string {
  return (clocks ? (JSON.parse(clocks) as Record<string, string>) : {})[field] ?? hlc;
}

type Author = { readonly hlc: string; readonly who: string; readonly at: number };
/** The audit names one row of each group, and every row of a draft may have been the one. */
function authorsIn(read: Reader, subjects: readonly string[]): ReadonlyMap<string, Author> {
  const found = read.sql<Author>(
    `select a.hlc, u.display_name as who, a.at from audit_entry a join app_user u on u.id = a.user_id
     where a.subject_id in (${subjects.map(() => "?").join(",")})`,
    ...subjects.map(bytes),
  );
  return new Map(found.map((author) => [author.hlc, author]));
}

function named(authors: ReadonlyMap<string, Author>, stamps: ReadonlyMap<string, string>): Writers {
  const known = [...stamps].flatMap(([key, stamp]) => {
    const author = authors.get(stamp);
    return author ? [[key, { who: author.who, at: author.at }] as const] : [];
  });
  return new Set(known.map(([, { who }]) => who)).size > 1 ? Object.fromEntries(known) : {};
}
