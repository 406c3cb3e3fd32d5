import { spawn } from "node:child_process";

/** The command that shows an address in the person's browser. */
export function browserCommand(platform: NodeJS.Platform, url: string): [command: string, ...args: string[]] {
  if (platform === "darwin") return ["open", url];
  // Not through cmd.exe, which would read the address' ampersands as its own.
  if (platform === "win32") return ["rundll32.exe", "url.dll,FileProtocolHandler", url];
  return ["xdg-open", url];
}

/** Shows an address in the browser; false when this computer does not know how. */
export function openBrowser(url: string): Promise<boolean> {
  const [command, ...args] = browserCommand(process.platform, url);
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: "ignore", detached: true });
    child.once("error", () => resolve(false));
    child.once("spawn", () => {
      child.unref();
      resolve(true);
    });
  });
}
