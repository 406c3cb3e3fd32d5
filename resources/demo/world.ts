/** What the parts of the demo generator share: inputs, randomness, the rows so far, and times in the past. */
import { addDays, type Instant, instantOf, type LocalDate, weekday } from "../../src-shared/calendar/index.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import type { Derivation } from "../../src-shared/sync/ids.ts";
import { type EntityName, entities, entityOf, type NewRow } from "../../src-shared/sync/registry.ts";
import { makePrng, type Prng } from "./prng.ts";

export const zone = "Europe/London";

export interface DemoInput {
  readonly seed: number;
  /** The day the demo starts, in the practice's zone. */
  readonly today: LocalDate;
  /** UTC milliseconds; nothing of the demo happened later. */
  readonly now: Instant;
  /** The id of the practice, whose default roles exist already. */
  readonly practice: Id;
  /** A new id for something made at `at` (UTC milliseconds): ids of later things must sort after earlier ones. */
  newId(at: Instant): Id;
  /** The practice's derived ids, as reactions derive them. */
  derive(derivation: Derivation): Id;
  /** SHA-256 of the text's UTF-8 bytes, lower-case hex. */
  sha256(text: string): string;
}

export type DemoRow<N extends EntityName> = { id: Id } & NewRow<N>;
export type DemoRows = { [N in EntityName]: DemoRow<N>[] };

export const branchCodes = ["LDS", "HRG", "YRK"] as const;
export type BranchCode = (typeof branchCodes)[number];

export interface World extends DemoInput {
  readonly random: Prng;
  readonly rows: DemoRows;
  /** Adds a row whose id is made for the moment `at`. */
  add<N extends EntityName>(entity: N, at: Instant, fields: NewRow<N>): DemoRow<N>;
  /** Adds a row of a derived or already known id. */
  put<N extends EntityName>(entity: N, id: Id, fields: NewRow<N>): DemoRow<N>;
  /** A moment so many days ago at so many minutes after midnight, at least two minutes before now. */
  at(daysAgo: number, minutes: number): Instant;
  /** The nearest day, that many days ago or more, that is not a Sunday. */
  openDay(daysAgo: number): number;
  date(daysAgo: number): LocalDate;
  /** The next number of a series, `LDS-T9-000001`, `LDS-T9-P000001`, `LDS-D9-K000001`. */
  label(branch: BranchCode, terminal: string, letter: string): string;
}

export function createWorld(input: DemoInput): World {
  const rows = Object.fromEntries(entities.map((entity) => [entity.name, []])) as unknown as DemoRows;
  const counters = new Map<string, number>();
  const world: World = {
    ...input,
    random: makePrng(input.seed),
    rows,
    add: (entity, at, fields) => world.put(entity, input.newId(at), fields),
    put(entity, id, fields) {
      // Columns that came later are left empty, as rows of older devices have them.
      const empty = entityOf(entity).columns.map((column) => [column, null]);
      const row = { id, ...Object.fromEntries(empty), ...fields };
      (rows[entity] as unknown[]).push(row);
      return row;
    },
    at(daysAgo, minutes) {
      const clock = `${pad(Math.floor(minutes / 60), 2)}:${pad(Math.floor(minutes) % 60, 2)}`;
      return Math.min(instantOf(world.date(daysAgo), clock, zone), input.now - 120_000);
    },
    openDay: (daysAgo) => (weekday(world.date(daysAgo)) === 7 ? daysAgo + 1 : daysAgo),
    date: (daysAgo) => addDays(input.today, -daysAgo),
    label(branch, terminal, letter) {
      const series = `${branch}-${terminal}-${letter}`;
      const counter = (counters.get(series) ?? 0) + 1;
      counters.set(series, counter);
      return `${series}${pad(counter, 6)}`;
    },
  };
  return world;
}

export function pad(value: number, width: number): string {
  return String(value).padStart(width, "0");
}
