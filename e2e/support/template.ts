/**
 * The demo practice, started once and ended as a person would end it: each file of stories begins with a copy of what it
 * left behind, which is there in a third of the time of a first start.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDemo } from "./demo.ts";

/** Playwright's global set-up; what it returns tidies up after the last story. */
export default async function makeTemplate(): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), "horopter-e2e-template-"));
  const demo = await startDemo({ folder, keep: true });
  await demo.stop();
  const mark = join(folder, "demo", "horopter-demo.json");
  const { port: _, ...rest } = JSON.parse(readFileSync(mark, "utf8")) as { port?: number };
  // Every copy takes a port of its own.
  writeFileSync(mark, JSON.stringify(rest));
  process.env.HOROPTER_E2E_DEMO = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
