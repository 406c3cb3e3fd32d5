/**
 * Batches of the settled log as a device gets them, changed on the way: the device takes a batch whole or leaves rows
 * and cursor byte for byte as they were, and takes the right one afterwards.
 */
import fc from "fast-check";
import { openMemoryReplica, type Sqlite } from "../replica/open.ts";
import { createReplica } from "../replica/replica.ts";
import { type ClinicDevice, openClinic } from "../sim/clinic.ts";
import { greet } from "../sim/greeted.ts";
import { openCase, pay, prescribe, registerPatient, sell, updatePatient } from "../sim/work.ts";
import { createState } from "../src-main/engine/state.ts";
import { createApplier } from "../src-main/engine/sync/apply.ts";
import { createTime } from "../src-main/engine/time.ts";
import { clock } from "../src-main/host/surroundings.ts";
import type { Body } from "../src-shared/sync/group.ts";
import { allEntities, findEntity } from "../src-shared/sync/registry.ts";
import { productRules } from "../src-shared/sync/rules.ts";
import type { Batch, LogEntry } from "../src-shared/sync/wire.ts";
import type { Database } from "../sync-server/database/database.ts";
import { rubbish } from "./values.ts";

type Change =
  | { readonly kind: "number"; readonly name: "from" | "to" | "head" | "streamSet"; readonly by: number }
  | { readonly kind: "field"; readonly name: keyof Batch; readonly value: unknown }
  | { readonly kind: "drop" | "twice" | "swap" | "own" | "cut"; readonly at: number }
  | { readonly kind: "entry"; readonly at: number; readonly name: keyof LogEntry; readonly value: unknown }
  | {
      readonly kind: "flip";
      readonly at: number;
      readonly part: "header" | "sig" | "body" | "salt";
      readonly byte: number;
    };

const numbered = fc.nat(200);

export function batchChanges(): fc.Arbitrary<readonly Change[]> {
  const change: fc.Arbitrary<Change> = fc.oneof(
    fc.record({
      kind: fc.constant("number" as const),
      name: fc.constantFrom("from" as const, "to" as const, "head" as const, "streamSet" as const),
      by: fc.constantFrom(-100_000, -3, -1, 1, 2, 1000),
    }),
    fc.record({
      kind: fc.constant("field" as const),
      name: fc.constantFrom<keyof Batch>("serverEpoch", "from", "to", "groups", "streamSet"),
      value: rubbish(),
    }),
    fc.record({
      kind: fc.constantFrom("drop" as const, "twice" as const, "swap" as const, "own" as const),
      at: numbered,
    }),
    fc.record({ kind: fc.constant("cut" as const), at: numbered }),
    fc.record({
      kind: fc.constant("entry" as const),
      at: numbered,
      name: fc.constantFrom<keyof LogEntry>("seq", "header", "sig", "bodies"),
      value: rubbish(),
    }),
    fc.record({
      kind: fc.constant("flip" as const),
      at: numbered,
      part: fc.constantFrom("header" as const, "sig" as const, "body" as const, "salt" as const),
      byte: fc.nat(2000),
    }),
  );
  return fc.array(change, { minLength: 1, maxLength: 3 });
}

/** A device as it stood, and the batch that brings it to what happened since. */
export async function openBatchWorld(db: Database) {
  const clinic = await openClinic(db);
  const writer = await clinic.device("till", "writer");
  const reader = await clinic.device("till", "reader");
  aDay(writer, clinic.practice);
  await clinic.meet(writer, reader);
  reader.engine.sync.setPlugged(false);
  aDay(writer, clinic.practice);
  await clinic.meet(writer);
  const identity = reader.engine.identity();
  const from = reader.engine.state.cursor()?.seq ?? 0;
  const before = reader.sqlite.serialize();
  const end = new AbortController();
  const greeted = await greet(clinic.centre(), identity);
  const first = await greeted.batches(from, end.signal).next();
  end.abort();
  if (first.done || first.value.to !== first.value.head) throw new Error("the batch does not reach to the end");
  const batch = JSON.stringify(first.value);
  await clinic.close();

  function device(sqlite: Sqlite) {
    const state = createState(sqlite);
    const time = createTime(clock, 0, identity.notBefore);
    const replica = createReplica(sqlite, productRules);
    const apply = createApplier({ replica, state, identity: () => identity, time, rules: productRules });
    return { sqlite, state, replica, apply };
  }
  const fresh = () => device(openMemoryReplica(before));
  const right = fresh();
  right.apply(JSON.parse(batch) as Batch);
  const expected = everything(right.sqlite);
  right.sqlite.close();
  let under = fresh();
  let bytes = under.sqlite.serialize();
  /** It took something, or failed the test: the next batch goes to another one. */
  let worn = false;
  let refused = 0;

  return {
    /** Gives the device the batch with these changes. @throws what is wrong. */
    check(changes: readonly Change[]): "taken" | "left" {
      worn = true;
      try {
        return checked(changes);
      } finally {
        if (worn) {
          under.sqlite.close();
          under = fresh();
          bytes = under.sqlite.serialize();
        }
      }
    },
    close: () => under.sqlite.close(),
  };

  function checked(changes: readonly Change[]): "taken" | "left" {
    const given = JSON.parse(batch) as Batch;
    let changed: Batch = given;
    for (const change of changes) changed = withChange(changed, change);
    const cursor = under.state.cursor()?.seq ?? 0;
    try {
      under.apply(changed);
    } catch {
      // Whatever the words: the device drops the line and asks again.
      if (!bytes.equals(under.sqlite.serialize())) throw new Error("a batch was left and has changed the replica");
      // Now and then the right one follows, in the same program: what was left must not stand in its way.
      worn = refused++ % 8 === 0;
      if (!worn) return "left";
      under.apply(JSON.parse(batch) as Batch);
      if (everything(under.sqlite) !== expected)
        throw new Error("after a batch that was left, the right one ends otherwise");
      return "left";
    }
    const after = under.state.cursor()?.seq ?? 0;
    if (after !== changed.to || after < cursor) throw new Error(`the cursor went from ${cursor} to ${after}`);
    for (const { bodies, seq } of changed.groups) {
      if (seq <= cursor) continue;
      for (const { body } of bodies) {
        const { entity, row, op } = JSON.parse(body) as Body;
        const known = findEntity(entity);
        if (op === "insert" && known && !under.replica.store.get(known, row))
          throw new Error(`a batch was taken without its ${entity}`);
      }
    }
    return "taken";
  }
}

function withChange(batch: Batch, change: Change): Batch {
  const { groups } = batch;
  const list = Array.isArray(groups) ? groups : [];
  const at = "at" in change ? change.at % Math.max(1, list.length) : 0;
  const entry = list[at];
  const replaced = (value: unknown) => ({
    ...batch,
    groups: list.map((one, i) => (i === at ? value : one)) as LogEntry[],
  });
  switch (change.kind) {
    case "number":
      return { ...batch, [change.name]: batch[change.name] + change.by };
    case "field":
      return { ...batch, [change.name]: change.value };
    case "drop":
      return { ...batch, groups: list.filter((_, i) => i !== at) };
    case "cut":
      return { ...batch, groups: list.slice(0, at) };
    case "twice":
      return { ...batch, groups: [...list.slice(0, at + 1), ...list.slice(at)] };
    case "swap": {
      const [one, other] = [list[at], list[at + 1]];
      if (!one || !other) return batch;
      return { ...batch, groups: list.map((same, i) => (i === at ? other : i === at + 1 ? one : same)) };
    }
    case "own":
      return entry ? replaced({ ...entry, own: true }) : batch;
    case "entry":
      return entry ? replaced({ ...entry, [change.name]: change.value }) : batch;
    case "flip": {
      if (!entry || typeof entry !== "object") return batch;
      const [first, ...rest] = Array.isArray(entry.bodies) ? entry.bodies : [];
      if (change.part === "header" || change.part === "sig")
        return replaced({ ...entry, [change.part]: flipped(entry[change.part], change.byte) });
      return first
        ? replaced({
            ...entry,
            bodies: [{ ...first, [change.part]: flipped(first[change.part], change.byte) }, ...rest],
          })
        : batch;
    }
  }
}

/** The text with one character changed into another that may stand there. */
function flipped(text: unknown, byte: number): unknown {
  if (typeof text !== "string" || text.length === 0) return text;
  const at = byte % text.length;
  return `${text.slice(0, at)}${text[at] === "1" ? "2" : "1"}${text.slice(at + 1)}`;
}

function everything(sqlite: Sqlite): string {
  const rows = allEntities.map(({ name }) => [name, sqlite.prepare(`select * from "${name}" order by id`).raw().all()]);
  return JSON.stringify([rows, sqlite.prepare("select * from sync_cursor").all()]);
}

function aDay(
  till: ClinicDevice,
  practice: { products: { frame: string; lens: string }; branches: { york: string } },
): void {
  for (let n = 0; n < 4; n++) {
    const person = {
      givenName: "Margaret",
      familyName: `Ellison ${n}`,
      dateOfBirth: "1958-12-03",
      phone: "07700 900418",
    };
    const { id: patient } = till.as("DO", registerPatient, person) as { id: string };
    const prescription = till.as("DO", prescribe, { patient });
    const { frame, lens } = practice.products;
    const sold = till.as("DO", sell, { patient, prescription, frame, lens, lab: practice.branches.york, paid: 10_000 });
    till.as("DO", pay, { sale: sold.sale, amount: 30_000 });
    till.as("DO", updatePatient, { id: patient, details: { phone: `07700 90000${n}`, notes: "left-handed" } });
    till.as("RC", openCase, { patient, subject: "Glasses are loose" });
  }
}
