/** How large a file may be, and how many there may be, in bytes; a practice may set its own. */

export const fileLimits = {
  /** One file, before it is encrypted. */
  files_one: 50_000_000,
  /** All files of a practice at the centre, encrypted. */
  files_practice: 50_000_000_000,
  /** What a device keeps of files that are at the centre too; the longest unseen go first. */
  files_device: 2_000_000_000,
} as const;
/** The keys of the settings of these names. */
export type FileLimit = keyof typeof fileLimits;

/** No single file is larger, whatever a practice sets: rows say so too (`attachment.size`). */
const most = 1_000_000_000;

/** What a setting says, or what holds without one. `value`: the setting's, parsed; anything but a whole number is none. */
export function limitOf(name: FileLimit, value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) return fileLimits[name];
  return name === "files_one" ? Math.min(value, most) : value;
}

/** "50 MB", for what a person is told. */
export function sizeText(bytes: number): string {
  if (bytes >= 1e9) return `${trimmed(bytes / 1e9)} GB`;
  if (bytes >= 1e6) return `${trimmed(bytes / 1e6)} MB`;
  return `${Math.max(1, Math.round(bytes / 1e3))} kB`;
}
function trimmed(value: number): string {
  return value >= 10 ? String(Math.round(value)) : value.toFixed(1).replace(/\.0$/, "");
}
