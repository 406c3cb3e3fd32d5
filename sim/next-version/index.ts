/** The product's next version, beside today's in one process. */
import { createRequire } from "node:module";
import type * as version from "../version.ts";

/** Everything that a world is put together from, of one version of the product. */
export type Version = typeof version;

// By Node's own loader also where Vitest runs this file with a loader of its own.
const { loadNext } = createRequire(import.meta.url)("./load.ts") as typeof import("./load.ts");

export const loadNextVersion = (): Promise<Version> => loadNext<Version>("sim/version.ts");
