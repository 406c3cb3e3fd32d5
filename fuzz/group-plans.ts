/** What a fuzzed push is to be like: drawn from the registry's own field schemas, mostly right, a little wrong in places. */
import fc from "fast-check";
import { type Stream, streamBits } from "../src-shared/sync/entity.ts";
import type { Body } from "../src-shared/sync/group.ts";
import { type AnyEntity, allEntities } from "../src-shared/sync/registry.ts";
import { tablesFor, words } from "./procedures.ts";
import { rubbish, valuesOf } from "./values.ts";

export interface BodyPlan {
  readonly entity: string;
  readonly op: Body["op"];
  /** Which row a change is of, or whose id an insert takes when it takes one that exists. */
  readonly row: string;
  readonly sameId: boolean;
  readonly fields: Record<string, unknown>;
  /** Of a change: which of the fields it names. */
  readonly some: number;
  readonly stream: Stream | null;
  readonly base: "seen" | "none" | "odd";
  readonly by: string | null;
  readonly sealed: boolean;
}
export interface GroupPlan {
  readonly user: "OW" | "DO" | "CL" | "LT" | "RC" | "nobody" | "other";
  readonly bodies: readonly BodyPlan[];
  readonly audit: boolean;
  readonly stamp: "now" | "soon" | "absurd" | "zero" | "last";
  readonly chain: "next" | "gap" | "fork" | "again" | "wrong hash";
  readonly sign: "right" | "another's" | "odd";
  readonly epoch: number;
  readonly practice: "own" | "other";
  /** What is done to the header before it is signed, and to the wire form after that. */
  readonly header: readonly [key: string, value: unknown] | null;
  readonly wire: "none" | "body" | "salt" | "lost" | "twice" | "index" | "not json" | "erased" | "junk";
}
export type PushPlan = readonly GroupPlan[];

const mostly = <T>(weight: number, right: T, ...wrong: T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight, arbitrary: fc.constant(right) }, { weight: 1, arbitrary: fc.constantFrom(...wrong) });

export const streams = Object.keys(streamBits) as Stream[];

function fieldsOf(entity: AnyEntity): fc.Arbitrary<Record<string, unknown>> {
  const all = (wrong: number) =>
    fc.record(
      Object.fromEntries(
        entity.columns.map((column): [string, fc.Arbitrary<unknown>] => {
          const field = entity.fields[column];
          if (!field) throw new Error(`${entity.name} has no ${column}`);
          const tables = (name: string) => (field.ref ? [field.ref] : tablesFor("", name));
          if (field.type === "id") return [column, idsFor(tables(column)[0], field.nullable, wrong)];
          return [column, valuesOf(field.schema, { tables, words, wrong })];
        }),
      ),
    );
  return fc.oneof({ weight: 3, arbitrary: all(0) }, { weight: 1, arbitrary: all(4) });
}

function idsFor(table: string | undefined, nullable: boolean, wrong: number): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 20, arbitrary: fc.nat(6).map((n) => `@${table}:${n}`) },
    ...(nullable ? [{ weight: 6, arbitrary: fc.constant(null) }] : []),
    ...(wrong > 0 ? [{ weight: 1, arbitrary: fc.constantFrom<unknown>("f".repeat(32), "", 7, null) }] : []),
  );
}

function bodies(): fc.Arbitrary<BodyPlan> {
  return fc.oneof(
    ...allEntities.map((entity) => ({
      weight: entity.centreOnly ? 1 : 4,
      arbitrary: fc.record({
        entity: mostly(60, entity.name, "holo_lens", "stock_level", "__proto__"),
        op: entity.mergeable
          ? fc.constantFrom<Body["op"]>("insert", "insert", "patch", "patch", "remove", "restore")
          : mostly<Body["op"]>(15, "insert", "patch", "remove", "restore"),
        row: fc.nat(8).map((n) => `@${entity.name}:${n}`),
        sameId: mostly(15, false, true),
        fields: fieldsOf(entity),
        some: fc.nat(),
        stream: mostly<Stream | null>(30, null, ...streams),
        base: fc.constantFrom("seen" as const, "none" as const, "odd" as const),
        by: mostly<string | null>(30, null, "job.release", "nobody's"),
        sealed: fc.boolean(),
      }),
    })),
  );
}

const alterations = ["body", "salt", "lost", "twice", "index", "not json", "erased", "junk"] as const;

export function pushes(): fc.Arbitrary<PushPlan> {
  const alteredHeader = fc.tuple(
    fc.constantFrom("v", "group", "user", "role", "authz", "schema", "after", "cause", "hlc", "bodies", "extra"),
    fc.oneof(rubbish(), fc.constantFrom<unknown>(["f".repeat(32)], 999_999, "0".repeat(32))),
  );
  // Most of the faults spoil the whole push, so each is rare.
  const group: fc.Arbitrary<GroupPlan> = fc.record({
    user: fc.constantFrom<GroupPlan["user"]>("OW", "OW", "OW", "DO", "DO", "CL", "CL", "LT", "RC", "nobody", "other"),
    bodies: fc.array(bodies(), { minLength: 1, maxLength: 3 }),
    audit: mostly(20, true, false),
    stamp: mostly<GroupPlan["stamp"]>(12, "now", "soon", "absurd", "zero", "last"),
    chain: mostly<GroupPlan["chain"]>(40, "next", "gap", "fork", "again", "wrong hash"),
    sign: mostly<GroupPlan["sign"]>(60, "right", "another's", "odd"),
    epoch: mostly(60, 1, 0, 2, -1),
    practice: mostly<GroupPlan["practice"]>(60, "own", "other"),
    header: fc.oneof({ weight: 30, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: alteredHeader }),
    wire: mostly<GroupPlan["wire"]>(25, "none", ...alterations),
  });
  return fc.array(group, { minLength: 1, maxLength: 3 });
}
