/** What ids name, for people: from this PC's rows, and from what was typed but taken back. */
import type { StoredRow } from "../../../../src-shared/sync/entity.ts";
import type { Id } from "../../../../src-shared/sync/fields.ts";
import type { Body } from "../../../../src-shared/sync/group.ts";
import { type AnyEntity, findEntity } from "../../../../src-shared/sync/registry.ts";
import type { Engine } from "../../engine.ts";
import type { About } from "./cards.ts";

type Fields = Readonly<Record<string, unknown>>;

export type Names = ReturnType<typeof createNames>;

/** `taken`: bodies of groups that are not in the tables any more, whose rows have names all the same. */
export function createNames({ replica }: Engine, taken: readonly Body[] = []) {
  const undone = new Map<string, Fields>();
  for (const body of taken) if (body.op === "insert") undone.set(`${body.entity}:${body.row}`, body.fields);

  function fieldsOf(entity: AnyEntity, id: Id): Fields | null {
    return replica.store.get(entity, id) ?? undone.get(`${entity.name}:${id}`) ?? null;
  }

  const names = {
    row(name: string, id: Id): StoredRow | null {
      const entity = findEntity(name);
      return entity ? replica.store.get(entity, id) : null;
    },
    /** The name of a row; null where it has none, or is not on this PC. */
    of(name: string, id: unknown): string | null {
      const entity = findEntity(name);
      if (!entity || typeof id !== "string") return null;
      const row = fieldsOf(entity, id);
      if (!row) return null;
      if (name === "patient") return `${row.given_name} ${row.family_name}`;
      if (name === "app_user") return String(row.display_name);
      if (name === "case_file") return `${row.number} ${row.subject}`;
      if (name === "setting") return String(row.key);
      for (const column of ["name", "number"]) if (typeof row[column] === "string") return row[column];
      return null;
    },
    /** What a change is about: the row itself, or the nearest one above it that has a name. */
    about(entityName: string, id: Id): About | null {
      let entity = findEntity(entityName);
      let at = id;
      for (let step = 0; entity && step < 4; step++) {
        const name = names.of(entity.name, at);
        const row: Fields | null = fieldsOf(entity, at);
        if (name) {
          const here = replica.store.get(entity, at) !== null;
          return { entity: entity.name, id: at, name, patient: names.of("patient", row?.patient_id), here };
        }
        const column: string | undefined =
          entity.parent?.column ?? (row?.patient_id ? "patient_id" : entity.references[0]);
        const next = column ? row?.[column] : null;
        const target: string | null | undefined = column ? entity.fields[column]?.ref : null;
        if (typeof next !== "string" || !target) return null;
        at = next;
        entity = findEntity(target);
      }
      return null;
    },
  };
  return names;
}
