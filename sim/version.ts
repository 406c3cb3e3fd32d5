/** What a world of the simulator is put together from: today's version here, the next one through `next-version/`. */
export { schemaVersion } from "../migrations/index.ts";
export { migrateReplica, ReplicaError } from "../replica/open.ts";
export { createEngine } from "../src-main/engine/engine.ts";
export { decide } from "../src-main/engine/sync/attention/decide.ts";
export { attention } from "../src-main/engine/sync/attention/index.ts";
export { partRow } from "../src-shared/sync/newer.ts";
export { allEntities, entityOf, findEntity, holds } from "../src-shared/sync/registry.ts";
export { migrateCentre, SchemaFromTheFuture } from "../sync-server/database/migrate.ts";
export { directUpstream } from "./direct.ts";
export { checkAll, sameAsCentre, settledRows } from "./invariants.ts";
export { openTestCentre } from "./practice.ts";
