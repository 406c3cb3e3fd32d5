import { fstatSync } from "node:fs";

/**
 * Resolves when this process is asked to end: Ctrl-C, SIGTERM, the end of the process that started it. The second
 * Ctrl-C does not wait for a tidy end.
 *
 * @param followInput whether standard input belongs to the parent and its end is the parent's.
 */
export function stopRequest(followInput: boolean): Promise<string> {
  return new Promise((resolve) => {
    let asked = false;
    const ask = (reason: string) => {
      if (asked && reason === "SIGINT") process.exit(130);
      asked = true;
      resolve(reason);
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => ask(signal));
    if (process.connected) process.once("disconnect", () => ask("the parent process ended"));
    if (followInput && isPipe()) {
      process.stdin.resume();
      process.stdin.once("end", () => ask("standard input was closed"));
      process.stdin.once("error", () => ask("standard input was closed"));
    }
  });
}

/** Input from nowhere (`/dev/null`, as services have it) ends at once and says nothing about a parent. */
function isPipe(): boolean {
  try {
    const input = fstatSync(0);
    return input.isFIFO() || input.isSocket();
  } catch {
    return false;
  }
}
