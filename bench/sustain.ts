/**
 * Three hundred groups a second from forty devices for two minutes, through the real server on PostgreSQL with fsync.
 * The forty are engines that write, push and receive the stream, but do not take it in: forty replicas on one computer
 * would measure that computer. One more engine on an encrypted file takes in everything, and the clock of each group
 * runs from the commit on its device until it stands there.
 */
import { memoryReplicaFor } from "../sim/practice.ts";
import { createEngine, type Engine } from "../src-main/engine/engine.ts";
import { registerPatient } from "../src-main/engine/patients/commands.ts";
import type { Identity } from "../src-main/engine/state.ts";
import type { Upstream } from "../src-main/engine/sync/upstream.ts";
import { clock, random, timers } from "../src-main/host/surroundings.ts";
import { silentLog } from "../src-shared/sync/ports.ts";
import type { BenchOptions } from "./report.ts";
import { median, percentile } from "./report.ts";
import { startBenchServer } from "./server.ts";
import { dispenser, fill, inFolder, openEngine, until } from "./support.ts";

const writers = 40;
const perSecond = 300;
const warmSeconds = 5;

export async function sustainBench({ quick, report }: BenchOptions): Promise<void> {
  const seconds = quick ? 20 : 120;
  await inFolder("sustain", async (folder) => {
    const all = Array.from({ length: writers + 1 }, () => ({ profile: "till", branch: "leeds" }) as const);
    const server = await startBenchServer(folder, all);
    const [watching, ...identities] = server.devices;
    if (!watching) throw new Error("no device");
    const reader = openEngine(folder, "reader", watching, server.upstream());
    await fill(reader.engine);
    const engines: Engine[] = [];
    for (const identity of identities) engines.push(await writer(identity, server.upstream()));

    const committed = new Map<string, number>();
    const lags: { at: number; lag: number }[] = [];
    const actor = dispenser(server.practice);
    const start = performance.now();
    const stop = watch(reader.engine, committed, (committedAt, lag) => lags.push({ at: committedAt - start, lag }));
    for (let n = 0; n < seconds * perSecond; n++) {
      const wait = start + (1000 * n) / perSecond - performance.now();
      if (wait > 0) await new Promise<void>((resolve) => setTimeout(resolve, wait));
      const engine = engines[n % engines.length] as Engine;
      const person = { givenName: "Margaret", familyName: "Ellison", dateOfBirth: "1958-12-03", phone: `0${n}` };
      const { id } = engine.execute(registerPatient, person, actor);
      committed.set(id, performance.now());
    }
    const wrote = (performance.now() - start) / 1000;
    await until(() => committed.size === 0, 60_000, "the last group to arrive");
    stop();
    for (const engine of engines) engine.close();
    reader.close();
    await server.stop();

    const steady = lags.filter(({ at }) => at > 1000 * warmSeconds);
    const times = steady.map(({ lag }) => lag);
    const note = `${lags.length} groups in ${wrote.toFixed(0)} s from ${writers} devices; p50 ${median(times).toFixed(0)} ms`;
    report({ bench: "sustain", measure: "lag_p99_ms", value: percentile(times, 0.99), unit: "ms", runs: 1, note });
    report({ bench: "sustain", measure: "lag_slope", value: slope(steady), unit: "ms/s", runs: 1 });
  });
}

/** An engine that writes and pushes; what streams in is received and let go. */
async function writer(identity: Identity, upstream: Upstream): Promise<Engine> {
  let taken = false;
  const engine = createEngine({
    sqlite: memoryReplicaFor(identity),
    identity,
    upstream: {
      async open(onClose) {
        const connection = await upstream.open(onClose);
        return {
          ...connection,
          stream: (input, handlers) =>
            connection.stream(input, {
              ...handlers,
              onBatch(batch) {
                if (!taken) handlers.onBatch(batch);
              },
            }),
        };
      },
    },
    clock,
    timers,
    random,
    log: silentLog,
    app: "bench",
  });
  await fill(engine);
  taken = true;
  return engine;
}

/** Tells of every committed patient that has come to stand in this engine's replica. */
function watch(
  engine: Engine,
  committed: Map<string, number>,
  arrived: (committedAt: number, lag: number) => void,
): () => void {
  const after = engine.db.prepare("select lower(hex(id)) from patient where id > ? order by id").pluck();
  return engine.onChange((touched) => {
    const [oldest] = committed.keys();
    if (!oldest || !touched.has("patient")) return;
    const now = performance.now();
    // Ids are made in the order of time, give or take a few milliseconds: what came before the oldest is long here.
    const from = (Number.parseInt(oldest.slice(0, 12), 16) - 1000).toString(16).padStart(12, "0").padEnd(32, "0");
    for (const id of after.all(Buffer.from(from, "hex")) as string[]) {
      const at = committed.get(id);
      if (at === undefined) continue;
      committed.delete(id);
      arrived(at, now - at);
    }
  });
}

/** Milliseconds by which the lag grows each second: the line of least squares through the medians of all seconds. */
function slope(lags: readonly { at: number; lag: number }[]): number {
  const seconds = [...Map.groupBy(lags, ({ at }) => Math.floor(at / 1000))].map(([second, all]) => ({
    x: second,
    y: median(all.map(({ lag }) => lag)),
  }));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(seconds.map((point) => point.x)), mean(seconds.map((point) => point.y))];
  const over = seconds.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0);
  return over / seconds.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
}
