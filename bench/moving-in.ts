/**
 * Records brought over from another system, through the engine: fifty thousand lines on a replica that is full already.
 * A file that is understood, its dry run, and the run to its end, with nobody at the centre. No floor; the bars are
 * absolute: two minutes for all of it, and no stretch in which the engine answers nobody for longer than people notice.
 */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Engine } from "../src-main/engine/engine.ts";
import { type Desk, deskOf } from "../src-main/engine/patients/import/desk.ts";
import { writeCsv } from "../src-shared/patients/import/csv.ts";
import type { Id } from "../src-shared/sync/fields.ts";
import { makeLargeReplica } from "./large.ts";
import type { BenchOptions } from "./report.ts";
import { inFolder, openEngineOn, until } from "./support.ts";

/** No centre is there: everything is as it is with the cable out. */
const noCentre = { open: () => Promise.reject(new Error("there is no line")) };
const megabyte = 1024 * 1024;
/** Bytes of the heap; what the practice was made with, a database in WebAssembly, lies outside of it. */
const held = () => process.memoryUsage().heapUsed;
function live(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return held();
}

export async function movingInBench({ quick, report }: BenchOptions): Promise<void> {
  const [here, lines] = quick ? [5_000, 5_000] : [50_000, 50_000];
  await inFolder("import", async (folder) => {
    const large = await makeLargeReplica(folder, here, { name: "replica", profile: "single" });
    const key = Buffer.from(large.key, "hex");
    const device = openEngineOn({ path: large.path, key, upstream: noCentre });
    const note = `${lines} lines, ${here} patients here before`;
    const before = live();
    let peak = before;
    const watch = setInterval(() => {
      peak = Math.max(peak, held());
    }, 20);
    const times = await bringOver(device.engine, large.people.OW, lines, large.patients);
    clearInterval(watch);
    device.close();
    for (const [measure, { seconds, worst }] of Object.entries(times)) {
      report({ bench: "import", measure: `${measure}_s`, value: seconds, unit: "s", runs: 1, note });
      report({ bench: "import", measure: `${measure}_longest_ms`, value: worst, unit: "ms", runs: 1, note });
    }
    const all = Object.values(times).reduce((sum, { seconds }) => sum + seconds, 0);
    report({ bench: "import", measure: "all_s", value: all, unit: "s", runs: 1, note });
    report({ bench: "import", measure: "heap_mb", value: (peak - before) / megabyte, unit: "MB", runs: 1, note });
  });
}

interface Stretch {
  readonly seconds: number;
  /** The longest time in which the engine answered nobody, milliseconds. */
  readonly worst: number;
}
type Known = readonly { given: string; family: string; born: string }[];

async function bringOver(
  engine: Engine,
  owner: Id,
  lines: number,
  known: Known,
): Promise<Readonly<Record<string, Stretch>>> {
  const desk = deskOf(engine, owner);
  const branch = engine.identity().branch;
  const session = {
    user: owner,
    name: "Owner",
    role: null,
    branch,
    permissions: () => ({}),
    run: ((command: never, input: never) =>
      engine.execute(command, input, { user: owner, role: null, branch })) as never,
  };
  const read = await measured(async () => {
    for (const [name, text] of filesOf(lines, known)) await upload(desk, name, text);
  });
  const check = await measured(async () => {
    let { done, total } = desk.checkOn(true);
    while (done < total) {
      await turn();
      ({ done, total } = desk.checkOn(false));
    }
  });
  const begin = await measured(async () => {
    desk.begin(session as never, "From the old system", branch);
  });
  const bring = await measured(() => until(() => engine.imports.progress() === null, 1_800_000, "the run to end"));
  return { read, check, begin, bring };
}

/** Half of the lines patients, of whom every tenth is here already; two fifths prescriptions; the rest balances. */
function filesOf(lines: number, known: Known): [name: string, text: string][] {
  const count = lines / 2;
  const numbers = Array.from({ length: count }, (_, n) => n);
  const person = (n: number) => {
    const same = n % 10 === 0 ? known[(n / 10) % known.length] : undefined;
    const born = `19${40 + (n % 60)}-${String(1 + (n % 12)).padStart(2, "0")}-${String(1 + (n % 28)).padStart(2, "0")}`;
    return [
      `A-${n}`,
      same?.given ?? `Given${n % 997}`,
      same?.family ?? `Family${n % 3989}`,
      same?.born ?? born,
      `07${String(100_000_000 + n * 7).slice(0, 9)}`,
      `${n % 300} Station Road, Leeds`,
      "Prefers mornings",
    ];
  };
  const header = ["Patient No", "Forename", "Surname", "DOB", "Mobile", "Address", "Notes"];
  const rxHeader = ["Patient No", "Test Date", "Optometrist", "R Sph", "R Cyl", "R Axis", "L Sph"];
  const rx = (n: number) => [`A-${n}`, "2025-11-09", "P. Raman", "-1.25", "-0.50", "90", "-1.00"];
  const of = (share: number) => numbers.slice(0, Math.round(lines * share));
  return [
    ["patients.csv", writeCsv([header, ...numbers.map(person)])],
    ["rx.csv", writeCsv([rxHeader, ...of(0.4).map(rx)])],
    ["balances.csv", writeCsv([["Patient No", "Balance"], ...of(0.1).map((n) => [`A-${n}`, "12.50"])])],
  ];
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** As a page sends it: pieces, each a call of its own. */
async function upload(desk: Desk, name: string, text: string): Promise<void> {
  const data = Buffer.from(text);
  const piece = 256 * 1024;
  for (let at = 0; at < data.length; at += piece) {
    desk.upload({
      id: name,
      name,
      data: data.subarray(at, at + piece).toString("base64"),
      first: at === 0,
      last: at + piece >= data.length,
    });
    await turn();
  }
}

async function measured(work: () => Promise<unknown>): Promise<Stretch> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  // It counts from its first tick on.
  await new Promise((resolve) => setTimeout(resolve, 20));
  const began = performance.now();
  await work();
  const seconds = (performance.now() - began) / 1000;
  // The last stretch is known once the loop has gone round.
  await new Promise((resolve) => setTimeout(resolve, 5));
  delay.disable();
  return { seconds, worst: delay.max / 1e6 };
}
