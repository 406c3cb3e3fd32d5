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

interface BuildResult {
  readonly outDir: string;
  readonly configuration: { readonly forceCodeSigning?: boolean };
}

/** Called by electron-builder when everything is built. Builds for trying out, which are not signed, pass. */
export default function releaseGate({ outDir, configuration }: BuildResult): string[] {
  if (!configuration.forceCodeSigning) return [];
  const files = globSync("*/**/app-update.yml", { cwd: outDir });
  if (files.length === 0) throw new Error(`There is no app-update.yml below ${outDir}`);
  for (const file of files) {
    const problems = updateProblems(readFileSync(join(outDir, file), "utf8"), file.startsWith("win"));
    if (problems.length > 0) throw new Error(`${file}: ${problems.join("; ")}`);
  }
  return [];
}
