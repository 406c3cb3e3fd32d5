/**
 * The crash run: a sync server and three workstations at work, each a process of its own, and somebody who pulls the
 * plug of one of them, or of PostgreSQL, again and again. Afterwards everything meets and `check.ts` looks.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../scripts/run.ts";
import { chance } from "../sim/world.ts";
import type { Centre } from "../sync-server/centre.ts";
import { checkEverything, type Findings } from "./check.ts";
import type { Asked, Told } from "./messages.ts";
import { endKept, type Kept, keep, killKept, script, startKept, startLater } from "./processes.ts";
import { type CentreKind, makeWorld, type World } from "./world.ts";

export interface CrashOptions {
  readonly kills: number;
  readonly seed: number;
  /** It stops after so many minutes, however many kills there were. */
  readonly minutes: number;
  readonly centre: CentreKind;
  readonly print: (line: string) => void;
  /** Told when everything was looked at, while the centre is still open here and nobody else is at work. */
  readonly afterwards?: (centre: Centre, practice: string, places: World["places"]) => Promise<void>;
}

export interface CrashReport extends Findings {
  readonly seed: number;
  readonly centre: CentreKind;
  readonly kills: Readonly<Record<string, number>>;
  readonly seconds: number;
}

type Status = Extract<Told, { kind: "status" }>;

/** One at work: its process, and what it said last. */
interface Workstation extends Kept {
  joined: boolean;
  status: Status | null;
}

export async function crashRun(options: CrashOptions): Promise<CrashReport> {
  const folder = mkdtempSync(join(tmpdir(), "horopter-crash-"));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.once("exit", remove);
  const world = await makeWorld(folder, options.centre);
  try {
    return await play(world, options);
  } finally {
    await world.postgres?.stop();
    process.removeListener("exit", remove);
    remove();
  }
}

async function play(
  world: World,
  { kills, seed, minutes, centre, print, afterwards }: CrashOptions,
): Promise<CrashReport> {
  const began = performance.now();
  const since = () => (performance.now() - began) / 1000;
  const dice = chance(seed);
  const problems: string[] = [];
  const problem = (text: string) => {
    problems.push(text);
    print(`PROBLEM ${since().toFixed(1)} s  ${text}`);
  };

  const database = { up: true, downAt: 0 };
  const server = keep(
    "sync server",
    () => startServer(world),
    (_code, said) =>
      // As under any supervisor: it does not start without its database, and is started again.
      /does not answer|starting up|not yet accepting|recovery|shutting down|ECONNRE|terminated/i.test(said) &&
      (!database.up || performance.now() - database.downAt < 15_000),
  );
  const stations = world.places.map((place, index) => {
    let starts = 0;
    mkdirSync(place.folder, { recursive: true });
    const station: Workstation = Object.assign(
      keep(place.name, () => {
        const child = script(join(root, "crash/workstation.ts"), [], {
          HOROPTER_CRASH_PLACE: JSON.stringify({ ...place, seed: seed * 1000 + index * 100_000 + starts++ }),
        });
        child.on("message", (told: Told) => {
          if (told.kind === "joined") station.joined = true;
          else if (told.kind === "status") station.status = told;
          else problem(`${place.name}: ${told.message}`);
        });
        return child;
      }),
      { joined: false, status: null },
    );
    return station;
  });
  const everybody = [server, ...stations];
  const tally: Record<string, number> = Object.fromEntries(
    [...everybody.map(({ name }) => name), ...(world.postgres ? ["PostgreSQL"] : [])].map((name) => [name, 0]),
  );
  const endAll = () => {
    for (const kept of everybody) kept.child?.kill("SIGKILL");
  };
  process.once("exit", endAll);

  try {
    startKept(server, problem);
    await answers(world);
    for (const station of stations) startKept(station, problem);
    await until(
      () => stations.every(({ joined }) => joined) || problems.length > 0,
      60_000,
      "the workstations to join",
    );
    if (problems.length > 0) throw new Error(problems.join("\n"));
    const deadline = performance.now() + minutes * 60_000;
    let done = 0;
    while (done < kills && performance.now() < deadline && problems.length === 0) {
      await pause(100 + dice.int(700));
      const victim = choose();
      if (victim && (done >= 3 || stations.every(({ ready }) => ready))) {
        await strike(victim);
        done += 1;
        tally[victim.name] = (tally[victim.name] ?? 0) + 1;
      }
    }
    print(`${done} kills in ${since().toFixed(1)} s; everything is started and meets`);
    await meet();
    for (const station of stations) {
      if (!(await endKept(station, (child) => child.send("end" satisfies Asked))))
        problem(`${station.name} did not end`);
    }
    if (!(await endKept(server, (child) => child.kill("SIGTERM")))) problem("the sync server did not end");
    const booted = await world.open();
    try {
      const findings = await checkEverything(booted.centre, world.practice.practice, world.places);
      await afterwards?.(booted.centre, world.practice.practice, world.places);
      return {
        ...findings,
        problems: [...problems, ...findings.problems],
        seed,
        centre,
        kills: tally,
        seconds: Math.round(since()),
      };
    } finally {
      await booted.close();
    }
  } finally {
    for (const kept of everybody) {
      kept.over = true;
      if (kept.planned) clearTimeout(kept.planned);
      await killKept(kept);
    }
    process.removeListener("exit", endAll);
  }

  /** Somebody who is up; a workstation rather than the server, the server rather than the database. */
  function choose(): Kept | { name: "PostgreSQL" } | null {
    const roll = dice.next();
    const station = dice.pick(stations);
    if (world.postgres && roll < 0.18) return database.up ? { name: "PostgreSQL" } : null;
    const kept = roll < 0.42 ? server : station;
    // Now and then in the middle of its start, mostly at work: else nothing would ever be done.
    return kept.child && (kept.ready || dice.happens(0.15)) ? kept : null;
  }

  async function strike(victim: Kept | { name: "PostgreSQL" }): Promise<void> {
    const back = 20 + dice.int(dice.happens(0.2) ? 2500 : 600);
    const count = Object.values(tally).reduce((sum, n) => sum + n, 1);
    print(`#${count}  ${since().toFixed(2)} s  SIGKILL ${victim.name}, started again after ${back} ms`);
    if ("child" in victim) {
      await killKept(victim);
      startLater(victim, back, problem);
      return;
    }
    database.up = false;
    await world.postgres?.kill();
    setTimeout(() => {
      database.downAt = performance.now();
      world.postgres?.again().then(
        () => {
          database.up = true;
          database.downAt = performance.now();
        },
        (error: Error) => problem(`PostgreSQL does not start any more: ${error.message}`),
      );
    }, back);
  }

  /** No more work anywhere; waits until nobody has anything to send and all have read to the same place. */
  async function meet(): Promise<void> {
    await until(() => database.up && everybody.every(({ child }) => child !== null), 60_000, "everything to be up");
    let before = "";
    let quiet = 0;
    const limit = 120_000;
    const deadline = performance.now() + limit;
    while (quiet < 4) {
      for (const station of stations) {
        station.status = null;
        if (station.child?.connected) {
          station.child.send("rest" satisfies Asked);
          station.child.send("status" satisfies Asked);
        }
      }
      await pause(300);
      const all = stations.map(({ status }) => status);
      const seen = JSON.stringify(all);
      const atRest =
        all.every((status) => status?.ready && status.phase === "live" && status.pending === 0) &&
        new Set(all.map((status) => `${status?.epoch} ${status?.seq}`)).size === 1;
      quiet = atRest && seen === before ? quiet + 1 : 0;
      before = seen;
      if (performance.now() > deadline) {
        problem(`they did not meet within ${limit / 1000} s: ${seen}`);
        return;
      }
    }
  }
}

function startServer(world: World) {
  const args = ["--json", "--port", String(world.port), "--data", world.dataFolder];
  return script(join(root, "sync-server/main.ts"), args, {
    HOROPTER_SECRET: world.secret,
    LOG_LEVEL: "error",
    ...(world.postgres && { DATABASE_URL: world.postgres.url }),
  });
}

/** Resolves when the sync server takes requests: workstations join only then. */
async function answers({ port }: World): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (
      await fetch(`http://127.0.0.1:${port}/health`).then(
        (answer) => answer.ok,
        () => false,
      )
    )
      return;
    await pause(100);
  }
  throw new Error("The sync server does not answer");
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function until(isTrue: () => boolean, within: number, what: string): Promise<void> {
  const deadline = performance.now() + within;
  while (!isTrue()) {
    if (performance.now() > deadline) throw new Error(`Waited ${within / 1000} s for ${what}`);
    await pause(20);
  }
}
