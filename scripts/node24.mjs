// Runs a script, or a package's command with `bin:<name>`, under the Node 24 that this project brings along.
//
// Plain code that a stock Node 20 can run: it only finds the binary and starts it. npm 10 does not link the
// platform packages' binaries, so the path is resolved here and put first on PATH for everything below.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const require = createRequire(import.meta.url);
const wanted = 24;

/** The packages that can carry Node for this machine, best first. */
function candidates() {
  const platform = process.platform === "win32" ? "win" : process.platform;
  return [`node-${platform}-${process.arch}`, `node-bin-${platform}-${process.arch}`];
}

function findNode() {
  for (const name of candidates()) {
    try {
      const folder = dirname(require.resolve(`${name}/package.json`));
      const binary = join(folder, "bin", process.platform === "win32" ? "node.exe" : "node");
      if (existsSync(binary)) return binary;
    } catch {
      // Not installed for this platform: the next one may be.
    }
  }
  if (Number(process.versions.node.split(".")[0]) >= wanted) return process.execPath;
  console.error(
    `Horopter needs Node ${wanted}, which "npm ci" installs beside it, but none was found for ${process.platform}-${process.arch}.\n` +
      'Run "npm ci" again without --omit=optional, or start this with a Node of that version.',
  );
  process.exit(1);
}

/** A command of an installed package, found by its package.json, since .bin links differ between systems. */
function resolveBin(name) {
  const packages = {
    tsc7: ["typescript7", "tsc"],
    biome: ["@biomejs/biome", "biome"],
    depcruise: ["dependency-cruiser", "depcruise"],
    playwright: ["@playwright/test", "playwright"],
  };
  const [folder, command] = packages[name] ?? [name, name];
  const manifestPath = join(root, "node_modules", folder, "package.json");
  const manifest = JSON.parse(readFileSync(manifestPath, "utf8"));
  const bin = typeof manifest.bin === "string" ? manifest.bin : manifest.bin[command];
  return join(dirname(manifestPath), bin);
}

const [target, ...rest] = process.argv.slice(2);
if (!target) {
  console.error("usage: node scripts/node24.mjs <script | bin:name> [arguments]");
  process.exit(2);
}
const node = findNode();
const script = target.startsWith("bin:") ? resolveBin(target.slice(4)) : resolve(root, target);
// What Node made of our TypeScript is kept: the second start takes a third of the time and forty megabytes less.
const compiled = process.env.NODE_COMPILE_CACHE ?? join(root, "node_modules/.cache/node");
const child = spawn(node, ["--disable-warning=ExperimentalWarning", script, ...rest], {
  stdio: "inherit",
  env: {
    ...process.env,
    NODE_COMPILE_CACHE: compiled,
    PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ""}`,
  },
});
// The child belongs to the same terminal and gets Ctrl-C itself; this wrapper only waits for it to finish.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => child.kill("SIGTERM"));
child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
