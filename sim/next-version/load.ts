/**
 * Loads the product a second time, as its next version: every module of ours once more under a query of its own, with
 * the registry and the list of migrations exchanged for those of this folder. Node itself does it, so that it is the
 * same inside Vitest and outside; reach it through `index.ts`.
 */
import { registerHooks } from "node:module";

const root = new URL("../../", import.meta.url).href;
const mark = "?next-version";
const exchanged = new Map([
  ["src-shared/sync/registry.ts", "sim/next-version/registry.ts"],
  ["migrations/index.ts", "sim/next-version/migrations.ts"],
]);

registerHooks({
  resolve(specifier, context, nextResolve) {
    const resolved = nextResolve(specifier, context);
    if (!context.parentURL?.endsWith(mark) && !specifier.endsWith(mark)) return resolved;
    const [url = ""] = resolved.url.split("?");
    if (!url.startsWith(root) || url.includes("/node_modules/")) return resolved;
    const replacement = exchanged.get(url.slice(root.length));
    // What stands in for a module builds on the module itself.
    const stands = replacement === undefined || context.parentURL === `${root}${replacement}${mark}`;
    return { ...resolved, url: `${stands ? url : root + replacement}${mark}` };
  },
});

/** A module of the next version by its path from the root of the repository. */
export function loadNext<T>(path: string): Promise<T> {
  return import(`${root}${path}${mark}`) as Promise<T>;
}
