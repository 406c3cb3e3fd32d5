import { join, resolve } from "node:path";

export interface FolderSurroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/**
 * Where the data of this device stands: what was asked for, or `HOROPTER_DATA`, or the place this system keeps
 * applications' data in. Never a folder that travels with the person (a roaming profile, a synchronised desktop):
 * two devices with one replica are a clone.
 */
export function dataFolder(asked: string | undefined, { platform, env, home }: FolderSurroundings): string {
  const chosen = asked ?? env.HOROPTER_DATA;
  if (chosen) return resolve(chosen);
  if (platform === "win32") return join(env.LOCALAPPDATA ?? join(home, "AppData", "Local"), "Horopter");
  if (platform === "darwin") return join(home, "Library", "Application Support", "Horopter");
  return join(env.XDG_DATA_HOME || join(home, ".local", "share"), "horopter");
}
