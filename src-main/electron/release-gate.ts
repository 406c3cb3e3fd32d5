import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What is wrong with how a packaged app will update itself; `text` is its app-update.yml. */
export function updateProblems(text: string, windows: boolean): string[] {
  const problems: string[] = [];
  const url = /^url:\s*(\S+)/m.exec(text)?.[1] ?? "";
  if (!url.startsWith("https://")) problems.push(`updates would come from "${url}", which is not https`);
  // Without a name electron-updater does not check the signature at all, and says nothing.
  if (windows && !/^publisherName:\s*(\S|\n\s+- \S)/m.test(text))
    problems.push("no publisherName, so signatures would not be checked");
  return problems;
}

/** Packages with machine code, of which one file for this system has to lie beside the archive. */
const native = ["better-sqlite3/prebuilds", "@node-rs/argon2-", "@napi-rs/keyring-"];

/** Which of them an unpacked app lacks, given the files it has. A missing optional package is no error to npm. */
export function missingNative(files: readonly string[]): string[] {
  const code = files.filter((file) => file.endsWith(".node")).map((file) => file.replaceAll("\\", "/"));
  return native.filter((name) => !code.some((file) => file.includes(`app.asar.unpacked/node_modules/${name}`)));
}

interface BuildResult {
  readonly outDir: string;
  readonly configuration: { readonly forceCodeSigning?: boolean };
}

/** Called by electron-builder when everything is built. What is only tried out need not be signed. */
export default function releaseGate({ outDir, configuration }: BuildResult): string[] {
  for (const app of globSync("**/resources/app.asar.unpacked", { cwd: outDir })) {
    const missing = missingNative(globSync("**/*.node", { cwd: join(outDir, app) }).map((file) => join(app, file)));
    if (missing.length > 0) throw new Error(`${app}: ${missing.join(", ")} missing; run npm ci on this system`);
  }
  if (!configuration.forceCodeSigning) return [];
  const files = globSync("**/resources/app-update.yml", { cwd: outDir, exclude: ["**/app.asar.unpacked/**"] });
  if (files.length === 0) throw new Error(`There is no app-update.yml below ${outDir}`);
  for (const file of files) {
    const problems = updateProblems(readFileSync(join(outDir, file), "utf8"), file.startsWith("win"));
    if (problems.length > 0) throw new Error(`${file}: ${problems.join("; ")}`);
  }
  return [];
}
