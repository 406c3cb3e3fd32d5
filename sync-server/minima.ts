import { schemaVersion } from "../migrations/index.ts";
import type { VersionMinima } from "../src-shared/sync/versions.ts";
import { protocolVersion } from "../src-shared/sync/wire.ts";

/**
 * The oldest versions that this centre serves. Schemas only ever add, so an older device understands what it knows and
 * keeps the rest: raise a minimum only for a mistake in old versions that cannot be lived with, and say here which.
 *
 * - Everything since the first version.
 */
export const productMinima: VersionMinima = {
  protocol: { minPush: 1, minPull: 1, current: protocolVersion },
  schema: { minPush: 10, minPull: 10, current: schemaVersion },
};
