// Horopter in the browser: the engine in plain Node, the screens on the loopback interface. See arguments.ts.
import { join } from "node:path";
import { readArguments } from "./arguments.ts";
import { reportOf } from "./report.ts";
import { runHost } from "./run-host.ts";
import { startWorkstation } from "./wiring.ts";

const renderer = join(import.meta.dirname, "../../out/renderer");
const json = process.argv.includes("--json");

try {
  await runHost(readArguments(process.argv.slice(2)), startWorkstation, renderer);
  process.exit();
} catch (error) {
  const { code, message } = reportOf(error);
  if (json) await say(process.stdout, JSON.stringify({ ready: false, code, message }));
  await say(process.stderr, message);
  process.exit(code === "BAD_ARGUMENTS" ? 2 : 1);
}

/** Waits until it is written: an exit does not, where pipes are asynchronous. */
function say(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => stream.write(`${text}\n`, () => resolve()));
}
