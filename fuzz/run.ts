/** One fuzz run: so many inputs over all that takes any, in worlds that are renewed before they are worn out. */
import fc from "fast-check";
import { openCentreDatabase } from "../sim/clinic.ts";
import type { Log } from "../src-shared/sync/ports.ts";
import type { Database } from "../sync-server/database/database.ts";
import { batchChanges, openBatchWorld } from "./batches.ts";
import { frames, openFrameWorld } from "./frames.ts";
import { pushes } from "./group-plans.ts";
import { checkPush, createAuthor } from "./groups.ts";
import { openReader } from "./reader.ts";
import { checkServerCall, serverCalls } from "./server-calls.ts";
import { openServerWorld } from "./server-world.ts";
import { checkStaffCall, staffCalls } from "./staff-calls.ts";
import { openStaffWorld } from "./staff-world.ts";

export interface FuzzOptions {
  readonly inputs: number;
  readonly seed: number;
  /** Only this part of it; all when absent. */
  readonly part?: string | undefined;
  readonly print: (line: string) => void;
}

export interface FuzzReport {
  readonly inputs: number;
  readonly seed: number;
  /** How often what came out, by part. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly problems: readonly string[];
  readonly seconds: number;
}

/** Of a hundred inputs, so many to each part; a push costs ten times what a call of the staff app does. */
const shares = { "staff calls": 52, "server calls": 26, pushes: 10, batches: 8, frames: 4 } as const;
type Part = keyof typeof shares;
/** After so many inputs people have lost their roles and tills their practice: a new world is worth more. */
const wornOut = 1500;

interface World<T> {
  readonly inputs: fc.Arbitrary<T>;
  check(input: T): Promise<string> | string;
  /** What must hold of all that was done. */
  end(): Promise<void>;
}

export async function fuzzRun({ inputs, seed, part: only, print }: FuzzOptions): Promise<FuzzReport> {
  const began = performance.now();
  const problems: string[] = [];
  const outcomes: Record<string, number> = {};
  const unhandled = (error: unknown) => problems.push(`nobody handled: ${(error as Error)?.stack ?? error}`);
  process.on("unhandledRejection", unhandled);
  process.on("uncaughtException", unhandled);
  const log: Log = {
    info() {},
    warn() {},
    error(event, detail) {
      // A group that the database refuses is the right answer to a row whose id is taken.
      if (event === "group cannot be stored" || event === "reaction failed") return;
      problems.push(`logged: ${event} ${JSON.stringify(detail)}`);
    },
  };
  let done = 0;
  let opened = 0;
  let db: Database | null = null;
  try {
    for (const part of Object.keys(shares) as Part[]) {
      if (only !== undefined && part !== only) continue;
      let left = Math.max(1, Math.round((inputs * (only ? 100 : shares[part])) / 100));
      for (let round = 0; left > 0 && problems.length === 0; round++) {
        const count = Math.min(left, wornOut);
        // Several worlds to a database: making one takes as long as a hundred inputs.
        if (opened++ % 4 === 0) {
          await db?.close();
          db = await openCentreDatabase();
        }
        await fuzzPart(await open(part, db as Database, log), count, seed + round, part);
        left -= count;
        done += count;
      }
      print(`${part}: ${((performance.now() - began) / 1000).toFixed(1)} s, ${problems.length} problems`);
    }
  } finally {
    await db?.close();
    process.removeListener("unhandledRejection", unhandled);
    process.removeListener("uncaughtException", unhandled);
  }
  return { inputs: done, seed, outcomes, problems, seconds: Math.round((performance.now() - began) / 1000) };

  async function fuzzPart<T>(world: World<T>, count: number, runSeed: number, part: Part): Promise<void> {
    const property = fc.asyncProperty(world.inputs, async (input) => {
      for (const outcome of (await world.check(input)).split(",")) {
        const key = `${part} ${outcome}`;
        outcomes[key] = (outcomes[key] ?? 0) + 1;
      }
    });
    // What happened before decides what happens: a shorter input is looked for, but not for long.
    const found = await fc.check(property, { numRuns: count, seed: runSeed, interruptAfterTimeLimit: 600_000 });
    if (found.failed)
      problems.push(
        `${part}, seed ${runSeed}: ${(found.errorInstance as Error)?.message}\n  ${JSON.stringify(found.counterexample)?.slice(0, 4000)}`,
      );
    try {
      if (found.failed) return;
      await world.end();
    } catch (error) {
      problems.push(`${part}, seed ${runSeed}, at its end: ${(error as Error).stack}`);
    }
  }
}

async function open(part: Part, db: Database, log: Log): Promise<World<never>> {
  const world = await worlds[part](db, log);
  return world as unknown as World<never>;
}

const worlds: Readonly<Record<Part, (db: Database, log: Log) => Promise<unknown>>> = {
  async "staff calls"(db, log): Promise<World<Parameters<typeof checkStaffCall>[1]>> {
    const world = await openStaffWorld(db, log);
    return {
      inputs: staffCalls(),
      check: (given) => checkStaffCall(world, given),
      async end() {
        await world.meet();
        await world.close();
      },
    };
  },
  async "server calls"(db, log): Promise<World<Parameters<typeof checkServerCall>[1]>> {
    const world = await openServerWorld(db, log);
    return { inputs: serverCalls(), check: (given) => checkServerCall(world, given), async end() {} };
  },
  async pushes(db, log): Promise<World<Parameters<typeof checkPush>[2]>> {
    const world = await openServerWorld(db, log);
    const author = createAuthor(world);
    const readers = [await openReader(world, "single", log), await openReader(world, "lab", log)];
    // They were enrolled just now.
    await world.whole();
    return {
      inputs: pushes(),
      check: (plan) => checkPush(world, author, plan),
      async end() {
        for (const reader of readers) await reader.meet();
        for (const reader of readers) reader.close();
      },
    };
  },
  async batches(db): Promise<World<Parameters<Awaited<ReturnType<typeof openBatchWorld>>["check"]>[0]>> {
    const world = await openBatchWorld(db);
    return {
      inputs: batchChanges(),
      check: (changes) => world.check(changes),
      async end() {
        world.close();
      },
    };
  },
  async frames(db, log): Promise<World<Parameters<Awaited<ReturnType<typeof openFrameWorld>>["check"]>[0]>> {
    const world = await openServerWorld(db, log);
    const lines = await openFrameWorld(world.centre);
    return {
      inputs: frames(),
      async check(given) {
        await lines.check(given);
        await world.whole();
        return "answered";
      },
      async end() {
        await lines.close();
      },
    };
  },
};
