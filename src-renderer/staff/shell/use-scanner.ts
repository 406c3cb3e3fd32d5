import { useEffect, useRef } from "react";
import { handleKey } from "../../ui/index.ts";
import { createScanReader, scannerPace } from "./scanner.ts";

/** Boxes in which people search; any other field keeps what is scanned into it. */
const searchBoxes = "search, .finder";

function listens(target: EventTarget | null): boolean {
  if (document.querySelector("dialog[open]")) return false;
  if (!(target instanceof HTMLElement)) return true;
  const field = target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
  return !field || target.closest(searchBoxes) !== null;
}

/** Calls back with what is scanned, wherever in the frame; what a scanner types is no shortcut meanwhile. */
export function useScanner(scanned: (code: string) => void): void {
  const latest = useRef(scanned);
  latest.current = scanned;
  useEffect(() => {
    const reader = createScanReader();
    let held: ReturnType<typeof setTimeout> | undefined;
    let quiet: ReturnType<typeof setTimeout> | undefined;
    const inField = (target: EventTarget | null) => target instanceof HTMLElement && target.tagName === "INPUT";
    const listen = (event: KeyboardEvent) => {
      if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || !listens(event.target)) return;
      const { scanning, code } = reader.key(event.key, event.timeStamp);
      if (code !== null) {
        clearTimeout(quiet);
        event.preventDefault();
        event.stopPropagation();
        latest.current(code);
        return;
      }
      if (event.key.length !== 1) return;
      clearTimeout(held);
      clearTimeout(quiet);
      quiet = setTimeout(() => {
        const rest = reader.rest(performance.now());
        if (rest !== null) latest.current(rest);
      }, scannerPace * 2);
      if (inField(event.target)) return;
      if (scanning) {
        event.preventDefault();
        event.stopPropagation();
      } else if (event.shiftKey && /^[A-Z]$/.test(event.key)) {
        // Scanners write capitals by Shift, hands press bare letters: a capital waits until it is clear whose it is.
        event.preventDefault();
        event.stopPropagation();
        const { key } = event;
        held = setTimeout(() => handleKey(new KeyboardEvent("keydown", { key })), scannerPace + 5);
      }
    };
    window.addEventListener("keydown", listen, true);
    return () => {
      clearTimeout(held);
      clearTimeout(quiet);
      window.removeEventListener("keydown", listen, true);
    };
  }, []);
}
