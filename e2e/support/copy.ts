/** A copy of a workstation's folder, as somebody takes a disk along, and another PC that starts on it. */
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "@playwright/test";
import type { Demo } from "./demo.ts";

export interface Copy {
  readonly folder: string;
  open(browser: Browser): Promise<Page>;
  /** Ends the program without a word and takes the folder away. */
  remove(): void;
}

/** Copies a workstation's folder as it lies, keys and all. */
export function copyOf(demo: Demo, workstation: string): Copy {
  const folder = mkdtempSync(join(tmpdir(), "horopter-copy-"));
  cpSync(join(demo.dataDir, workstation), folder, { recursive: true });
  rmSync(join(folder, "horopter.lock"), { force: true });
  let child: ChildProcess | null = null;
  return {
    folder,
    async open(browser) {
      const script = join(import.meta.dirname, "../../src-main/host/main.ts");
      const args = ["--json", "--no-open", "--secrets", "key-file", "--folder", folder];
      const started = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", script, ...args], {
        stdio: ["pipe", "pipe", "inherit"],
      });
      child = started;
      const url = await new Promise<string>((resolve, reject) => {
        let text = "";
        started.stdout.on("data", (chunk: Buffer) => {
          text += chunk.toString();
          const found = /"url":"([^"]+)"/.exec(text);
          if (found?.[1]) resolve(found[1]);
        });
        started.once("exit", (code) => reject(new Error(`the copy ended with ${code}: ${text}`)));
      });
      const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
      await page.goto(url);
      return page;
    },
    remove() {
      child?.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
