// npm run build: the renderer for the browser host, and with --electron the desktop package's code as well.
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isStarted, root, run } from "./run.ts";

const outFolder = join(root, "out/renderer");
const stampFile = join(outFolder, ".stamp");

/** A hash of everything the renderer is made of: its sources, what it shares, and the versions of its packages. */
function stampOfSources(): string {
  const files = globSync(["src-renderer/**/*", "src-shared/**/*"], { cwd: root, exclude: ["**/*.test.*"] })
    .filter((file) => statSync(join(root, file)).isFile())
    .sort();
  const hash = createHash("sha256");
  for (const file of [...files, "package-lock.json", "tsconfig.json"]) {
    const content = readFileSync(join(root, file));
    hash.update(`${file.replaceAll("\\", "/")}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

/**
 * Builds the renderer into `out/renderer` unless what is there was made from the same sources. Says which of the two
 * it did; throws when the build fails, and leaves no stamp behind.
 */
export async function ensureRenderer(): Promise<"built" | "unchanged"> {
  const stamp = stampOfSources();
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return "unchanged";
  rmSync(stampFile, { force: true });
  const config = ["--config", "src-renderer/vite.config.ts", "--outDir", outFolder, "--emptyOutDir"];
  const { code, output } = await run(["bin:vite", "build", ...config, "--logLevel", "warn"]);
  if (code !== 0) throw new Error(`The renderer could not be built:\n${output}`);
  if (output.trim() !== "") console.warn(output.trimEnd());
  mkdirSync(outFolder, { recursive: true });
  writeFileSync(stampFile, stamp);
  return "built";
}

if (isStarted(import.meta.url)) {
  const started = performance.now();
  const result = await ensureRenderer();
  console.log(`Renderer ${result} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  if (process.argv.includes("--electron")) {
    const { code } = await run(["bin:electron-vite", "build"], { show: true });
    process.exitCode = code;
  }
}
