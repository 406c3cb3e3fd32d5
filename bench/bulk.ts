/** Puts a large invented practice into the centre's own tables, past its log: what years of work would have left there. */

import type { SmallPractice } from "../sim/practice.ts";
import type { StoredRow } from "../src-shared/sync/entity.ts";
import { packHlc } from "../src-shared/sync/hlc.ts";
import { newId, type Random } from "../src-shared/sync/ids.ts";
import { type AnyEntity, entityOf } from "../src-shared/sync/registry.ts";
import type { Centre } from "../sync-server/centre.ts";
import { insertRows } from "../sync-server/database/rows.ts";
import { type GeneratedRow, practiceRows } from "./generator.ts";

/** Rows of one kind in one statement. */
const perInsert = 4000;
/** Statements on their way at once. */
const atOnce = 4;

export interface LargePractice {
  readonly rows: number;
  /** The last patient written. */
  readonly patient: { readonly given: string; readonly family: string; readonly born: string };
}

/** Writes `patients` patients with all that belongs to them, and brings the database's statistics up to date. */
export async function loadLargePractice(
  centre: Centre,
  practice: SmallPractice,
  device: string,
  patients: number,
  random: Random,
): Promise<LargePractice> {
  const now = centre.now();
  const base = {
    hlc: packHlc({ ms: now, counter: 0, node: device.slice(16) }),
    now,
    branch: practice.branches.leeds,
    branchCode: "LDS",
    labBranch: practice.branches.york,
    device,
    optometrist: practice.people.CL,
    dispenser: practice.people.DO,
    frame: practice.products.frame,
    lens: practice.products.lens,
  };
  const waiting = new Map<string, StoredRow[]>();
  const flying = new Set<Promise<void>>();
  let written = 0;
  let patient: StoredRow | null = null;
  async function write(entity: AnyEntity, rows: readonly StoredRow[]): Promise<void> {
    if (flying.size >= atOnce) await Promise.race(flying);
    const insert = insertRows(centre.db, entity, practice.practice, rows).finally(() => flying.delete(insert));
    flying.add(insert);
    // A failure is told by whoever waits for all of them.
    insert.catch(() => {});
    written += rows.length;
  }
  const rows: Iterable<GeneratedRow> = practiceRows({ seed: 1, patients, newId: (at) => newId(at, random), base });
  for (const { entity, row } of rows) {
    const batch = waiting.get(entity) ?? [];
    waiting.set(entity, batch);
    batch.push(row);
    if (entity === "patient") patient = row;
    if (batch.length < perInsert) continue;
    waiting.delete(entity);
    await write(entityOf(entity), batch);
  }
  for (const [entity, batch] of waiting) await write(entityOf(entity), batch);
  await Promise.all(flying);
  await centre.db.exec("analyze");
  const { given_name, family_name, date_of_birth } = patient as never as Record<string, string>;
  return { rows: written, patient: { given: given_name ?? "", family: family_name ?? "", born: date_of_birth ?? "" } };
}
