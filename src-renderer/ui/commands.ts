/**
 * The command registry: each screen says what can be done on it and by which keys; the palette, the shortcuts and the
 * cheat-sheet all come from here, so that they cannot drift apart.
 */
import { useEffect, useRef, useSyncExternalStore } from "react";

export interface UiCommand {
  /** `Ctrl+Enter`, `J`, `F4`, `Alt+1`. */
  readonly keys: string;
  readonly label: string;
  readonly run: () => void;
  /** False: not now. */
  readonly when?: boolean | undefined;
  /** Where it stands in the cheat-sheet; the screen's name. */
  readonly group?: string;
}

let registered: readonly UiCommand[] = [];
const layers = new Map<symbol, readonly UiCommand[]>();
const watchers = new Set<() => void>();
function rebuild(): void {
  // The newest layer first: a dialog's Enter goes before the screen's.
  registered = [...layers.values()].reverse().flat();
  for (const watch of watchers) watch();
}

/** Registers commands while the component is there. */
export function useShortcuts(commands: readonly UiCommand[]): void {
  const key = useRef(Symbol("commands"));
  const latest = useRef(commands);
  latest.current = commands;
  const signature = JSON.stringify(
    commands.map(({ keys, label, group, when }) => ({ keys, label, group, when: when !== false })),
  );
  useEffect(() => {
    const id = key.current;
    const shown = JSON.parse(signature) as Omit<UiCommand, "run">[];
    layers.set(
      id,
      shown.map((command, index) => ({ ...command, run: () => latest.current[index]?.run() })),
    );
    rebuild();
    return () => {
      layers.delete(id);
      rebuild();
    };
  }, [signature]);
}

export function useCommands(): readonly UiCommand[] {
  return useSyncExternalStore(
    (watch) => {
      watchers.add(watch);
      return () => watchers.delete(watch);
    },
    () => registered,
  );
}

function chordOf(event: KeyboardEvent): string {
  const name = event.key === " " ? "Space" : event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const shifted = event.shiftKey && event.key.length > 1;
  return [event.ctrlKey || event.metaKey ? "Ctrl" : "", event.altKey ? "Alt" : "", shifted ? "Shift" : "", name]
    .filter(Boolean)
    .join("+");
}
/** What is ticked takes no letters: only the keys that tick it and choose among its like are its own. */
function ticks(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && ["checkbox", "radio"].includes(target.type);
}
function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    !ticks(target) &&
    (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName))
  );
}

/** Runs the command of a key press; single letters only while nobody types. */
export function handleKey(event: KeyboardEvent): void {
  if (event.defaultPrevented) return;
  const chord = chordOf(event);
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !/^F\d+$/.test(event.key);
  // While somebody types, these are the field's own: undo takes back letters, not what was done on the screen.
  if (typing(event.target) && /^Ctrl\+[ACVXYZ]$/.test(chord)) return;
  if (plain && ticks(event.target) && (event.key.length > 1 || event.key === " ")) return;
  if (plain && (typing(event.target) || document.querySelector("dialog[open]"))) return;
  const command = registered.find(
    (candidate) => candidate.when !== false && candidate.keys.toUpperCase() === chord.toUpperCase(),
  );
  if (!command) return;
  event.preventDefault();
  command.run();
}
