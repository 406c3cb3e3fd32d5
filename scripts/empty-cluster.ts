// An empty PGlite cluster in a file, which databases of tests begin with (see openPglite): made once per version.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { root } from "./run.ts";

/** The file's path, made if it is not there. */
export async function emptyCluster(): Promise<string> {
  const { version } = JSON.parse(
    readFileSync(join(root, "node_modules/@electric-sql/pglite/package.json"), "utf8"),
  ) as { version: string };
  const file = join(root, "node_modules/.cache/horopter", `empty-cluster-${version}.tar`);
  if (existsSync(file)) return file;
  mkdirSync(dirname(file), { recursive: true });
  const db = await PGlite.create();
  const cluster = await db.dumpDataDir("none");
  await db.close();
  // Whole or not at all: two runs may begin at once.
  const unfinished = `${file}-${process.pid}`;
  writeFileSync(unfinished, Buffer.from(await cluster.arrayBuffer()));
  renameSync(unfinished, file);
  return file;
}
