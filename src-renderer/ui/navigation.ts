/** Where the window is: hash paths such as `#/patients/018f…`. A small router, since nothing here needs a larger one. */
import { useSyncExternalStore } from "react";

function current(): string {
  return window.location.hash.replace(/^#/, "") || "/today";
}
export function go(path: string): void {
  window.location.hash = path;
}
export function usePath(): string {
  return useSyncExternalStore((watch) => {
    window.addEventListener("hashchange", watch);
    return () => window.removeEventListener("hashchange", watch);
  }, current);
}
/** The part of the path after the feature: `/patients/<this>`. */
export function useParam(): string | null {
  return usePath().split("?")[0]?.split("/")[2] ?? null;
}
export function useQueryParam(name: string): string | null {
  return new URLSearchParams(usePath().split("?")[1] ?? "").get(name);
}
