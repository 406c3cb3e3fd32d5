// Who may import whom (docs/decisions and the architecture, §2). Checked by scripts/imports.ts, which also makes sure
// that something was seen at all; scripts/imports.test.ts plants one forbidden import per rule.

const tests = "\\.test\\.tsx?$";
const ours = "^(src-shared|migrations|replica|src-main|src-preload|src-renderer|sync-server|scripts|bench|e2e)/";

/** A layer that may import, of our own code, only these folders. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: "error",
  from: { path: from, pathNot: tests },
  to: { path: ours, pathNot: allowed },
});

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    only(
      "shared-stands-alone",
      "^src-shared/",
      "^src-shared/",
      "src-shared is imported by everyone and imports no one.",
    ),
    {
      name: "shared-is-pure",
      comment: "src-shared does no I/O: no Node module.",
      severity: "error",
      from: { path: "^src-shared/", pathNot: tests },
      to: { dependencyTypes: ["core"] },
    },
    only(
      "migrations-on-shared",
      "^migrations/",
      "^(migrations|src-shared)/",
      "Both databases run the same migrations.",
    ),
    only(
      "replica-on-migrations",
      "^replica/",
      "^(replica|migrations|src-shared)/",
      "The replica is used by the engine and by the sync server, so it knows neither.",
    ),
    only(
      "engine-on-replica",
      "^src-main/engine/",
      "^(src-main/engine|replica|migrations|src-shared)/",
      "The engine runs in Electron, in plain Node and in tests: it knows neither the shells nor the centre.",
    ),
    only(
      "server-on-replica",
      "^sync-server/",
      "^(sync-server|replica|migrations|src-shared)/",
      "The centre is deployed without the workstation.",
    ),
    {
      name: "engine-without-electron",
      comment: "The engine starts in a utility process, in the browser host and in tests.",
      severity: "error",
      from: { path: "^src-main/engine/" },
      to: { path: "(^|/)electron(/|$)", pathNot: "^src-main/" },
    },
    {
      name: "renderer-takes-types",
      comment: "The renderer talks to the engine and the centre through their routers, of which it knows the types.",
      severity: "error",
      from: { path: "^src-renderer/", pathNot: tests },
      to: { path: "^(src-main|sync-server)/", dependencyTypesNot: ["type-only"] },
    },
    only(
      "renderer-without-storage",
      "^src-renderer/",
      "^(src-renderer|src-shared|src-main|sync-server)/",
      "The renderer never opens a database.",
    ),
    {
      name: "preload-takes-types",
      comment: "The preload hands over a port and nothing else; it is bundled as a single file.",
      severity: "error",
      from: { path: "^src-preload/", pathNot: tests },
      to: { path: ours, pathNot: "^src-preload/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "features-by-index",
      comment: "A screen reaches another feature through its index; the shell, which frames them all, is free.",
      severity: "error",
      from: { path: "^src-renderer/staff/([^/]+)/", pathNot: ["^src-renderer/staff/shell/", tests] },
      to: {
        path: "^src-renderer/staff/[^/]+/",
        pathNot: ["^src-renderer/staff/$1/", "^src-renderer/staff/shell/", "^src-renderer/staff/[^/]+/index\\.tsx?$"],
      },
    },
    {
      name: "no-runtime-cycles",
      comment: "Modules that need each other to start; types may refer to each other.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
  ],
  options: {
    doNotFollow: { path: "(^|/)node_modules/" },
    exclude: { path: "^(out|dist|test-results)/" },
    // Sees `import type`, which the compiler removes; needs TypeScript 6, see scripts/imports.ts.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};
