/** What a world of the simulator is put together from: today's version here, the next one through `next-version/`. */
export { schemaVersion } from "../migrations/index.ts";
export { rowFromSql } from "../replica/columns.ts";
export { migrateReplica, ReplicaError } from "../replica/open.ts";
export { createEngine } from "../src-main/engine/engine.ts";
export { defineCommand } from "../src-main/engine/write/define.ts";
export { allEntities, entityOf, findEntity, holds } from "../src-shared/sync/registry.ts";
export { migrateCentre, SchemaFromTheFuture } from "../sync-server/database/migrate.ts";
export { rowFromCentre } from "../sync-server/database/rows.ts";
export { directUpstream } from "./direct.ts";
export { openTestCentre } from "./practice.ts";
