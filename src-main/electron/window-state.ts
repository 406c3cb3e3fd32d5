import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { z } from "zod";

const size = z.number().int().min(1).max(100_000);
const place = z.number().int().min(-100_000).max(100_000);

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const windowStateSchema = z.object({
  version: z.literal(1),
  bounds: z.object({ x: place, y: place, width: size, height: size }).nullable(),
  maximised: z.boolean(),
});
export type WindowState = z.infer<typeof windowStateSchema>;

export const initialState: WindowState = { version: 1, bounds: null, maximised: true };

/** The smallest screen the app is designed for. */
export const MINIMUM = { width: 1024, height: 640 };

/** How the window was left; how it is at first if that is not known or makes no sense. */
export function readWindowState(path: string): WindowState {
  try {
    return windowStateSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return initialState;
  }
}

/** At once, since the last window's close is the app's end. A place that is not kept is no reason to disturb anybody. */
export function writeWindowState(path: string, state: WindowState): void {
  try {
    writeFileSync(`${path}.draft`, JSON.stringify(state), { mode: 0o600 });
    renameSync(`${path}.draft`, path);
  } catch {
    // The next window opens where the one before this was.
  }
}

/**
 * Where to open the window: as it was left if its title bar can be reached on a screen that is there now, else in
 * the middle of the first one. Work areas are without the system's own bars, in the same units.
 */
export function boundsOn(state: WindowState, workAreas: readonly Rectangle[]): Rectangle | null {
  const { bounds } = state;
  if (!bounds) return null;
  const area = workAreas.find((candidate) => holdsTitleBar(candidate, bounds));
  const width = Math.max(bounds.width, MINIMUM.width);
  const height = Math.max(bounds.height, MINIMUM.height);
  if (area)
    return { x: bounds.x, y: bounds.y, width: Math.min(width, area.width), height: Math.min(height, area.height) };
  const [first] = workAreas;
  if (!first) return null;
  const fitted = { width: Math.min(width, first.width), height: Math.min(height, first.height) };
  return {
    x: first.x + Math.round((first.width - fitted.width) / 2),
    y: first.y + Math.round((first.height - fitted.height) / 2),
    ...fitted,
  };
}

/** A strip of the title bar wide enough to be grasped. */
function holdsTitleBar(area: Rectangle, { x, y, width }: Rectangle): boolean {
  const visible = Math.min(x + width, area.x + area.width) - Math.max(x, area.x);
  return visible >= 100 && y >= area.y && y < area.y + area.height - 30;
}
