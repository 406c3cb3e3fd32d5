import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * A text that tells a process from a later one of the same number, null if this system does not say. On Linux from
 * the kernel (with the boot, since numbers and ticks begin anew), on macOS from `ps`, on Windows from PowerShell.
 */
export async function processStart(pid: number): Promise<string | null> {
  try {
    if (process.platform === "linux") {
      const [boot, stat] = await Promise.all([
        readFile("/proc/sys/kernel/random/boot_id", "utf8"),
        readFile(`/proc/${pid}/stat`, "utf8"),
      ]);
      // The second field is the command in brackets, which may hold anything; the start is the 22nd.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      // Ended and only not yet asked how: it holds nothing any more, so it is no start that a lock could name.
      if (fields[0] === "Z" || fields[0] === "X") return "ended";
      const ticks = fields[19];
      return ticks ? `${boot.trim()}/${ticks}` : null;
    }
    if (process.platform === "win32") {
      // Asking PowerShell about oneself would cost half a second of every start; the clock and the uptime say it too.
      if (pid === process.pid) return windowsStart(Date.now() - process.uptime() * 1000);
      const script = `([DateTimeOffset](Get-Process -Id ${pid}).StartTime).ToUnixTimeMilliseconds()`;
      const { stdout } = await run("powershell.exe", ["-NoProfile", "-NonInteractive", "-Command", script]);
      return windowsStart(Number(stdout.trim()));
    }
    const { stdout } = await run("ps", ["-o", "lstart=", "-p", String(pid)], { env: { LC_ALL: "C", TZ: "UTC" } });
    return stdout.trim() || null;
  } catch {
    return null;
  }
}

/**
 * Tells this computer from others that may share a folder with it. A Mac's name changes with the network it is in,
 * so there it is the hardware's; elsewhere the name, which also tells containers apart.
 */
export async function machineName(): Promise<string> {
  if (process.platform !== "darwin") return hostname();
  const described = await run("/usr/sbin/ioreg", ["-rd1", "-c", "IOPlatformExpertDevice"]).catch(() => null);
  return described?.stdout.match(/"IOPlatformUUID" = "([^"]+)"/)?.[1] ?? hostname();
}

/** Whether two such texts mean the same process. Windows' are measured in two ways, a few moments apart. */
export function isSameStart(one: string, other: string): boolean {
  if (one === other) return true;
  const [a, b] = [one, other].map((text) => (text.startsWith("ms/") ? Number(text.slice(3)) : Number.NaN));
  return a !== undefined && b !== undefined && Math.abs(a - b) < 5000;
}

/** Whether a process of this number is there, whoever it belongs to. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function windowsStart(ms: number): string | null {
  return Number.isFinite(ms) ? `ms/${Math.round(ms)}` : null;
}
