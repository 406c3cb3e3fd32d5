import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Clinic, openCentreDatabase, openClinic } from "../../sim/clinic.ts";
import { newPlace, type Place, sellGlasses } from "../../sim/workstations.ts";
import type { Database } from "../../sync-server/database/database.ts";
import { keyFile } from "../secrets/key-file.ts";

const base = mkdtempSync(join(tmpdir(), "horopter-two-"));
const folder = join(base, "data");
const renderer = join(base, "renderer");
const backup = join(base, "backup.db");
const children: ChildProcess[] = [];
let db: Database;
let clinic: Clinic;
let till: Place;
let sold: string;

beforeAll(async () => {
  for (const each of [folder, renderer]) mkdirSync(each, { mode: 0o700 });
  writeFileSync(join(renderer, "index.html"), "<html></html>");
  db = await openCentreDatabase();
  clinic = await openClinic(db);
  const store = await keyFile.open({ path: folder, scope: "00".repeat(16) }, "first");
  till = newPlace(clinic, { folder, secrets: { ...store, entries: new Map() } });
  await till.open();
  await till.join();
  till.unplug();
  sold = sellGlasses(clinic, till, "Unsent").number;
  till.engine.db.prepare("vacuum into ?").run(backup);
  await till.close();
}, 60_000);
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});
afterAll(async () => {
  await clinic.close();
  await db.close();
  rmSync(base, { recursive: true, force: true });
});

/** The workstation in a process of its own, as `host/main.ts` starts it, around screens that are none. */
function start(...more: string[]) {
  const module = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
  const code = `
    import { readArguments } from ${module("./arguments.ts")};
    import { reportOf } from ${module("./report.ts")};
    import { runHost } from ${module("./run-host.ts")};
    import { startWorkstation } from ${module("./wiring.ts")};
    await runHost(readArguments(process.argv.slice(1)), startWorkstation, ${JSON.stringify(renderer)})
      .then(() => process.exit(), (error) => {
        process.stdout.write(JSON.stringify({ ready: false, ...reportOf(error) }) + "\\n", () => process.exit(1));
      });`;
  const args = ["--json", "--no-open", "--secrets", "key-file", "--folder", folder, ...more];
  const child = spawn(process.execPath, ["--input-type=module", "-e", code, "--", ...args], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  children.push(child);
  const ended = once(child, "exit") as Promise<[number | null, string | null]>;
  /** The one line that it says. */
  const said = (async () => {
    let text = "";
    for await (const chunk of child.stdout) {
      text += chunk;
      if (text.includes("\n")) return JSON.parse(text) as { ready: boolean; code?: string; message?: string };
    }
    throw new Error("It ended without a word");
  })();
  return { child, said, ended };
}

/** Every file of the folder with what is in it. */
function contents(): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true })
      .map(String)
      .filter((name) => statSync(join(folder, name)).isFile())
      .sort()
      .map((name) => [
        name,
        createHash("sha256")
          .update(readFileSync(join(folder, name)))
          .digest("hex"),
      ]),
  );
}

async function expectRefused(first: ChildProcess, ...more: string[]): Promise<void> {
  // While it stands still, whatever changes in the folder is the second one's doing.
  first.kill("SIGSTOP");
  const before = contents();
  const second = start(...more);
  const { ready, code, message } = await second.said;
  expect({ ready, code }).toEqual({ ready: false, code: "FOLDER_IN_USE" });
  expect(message).toContain(`in use by Horopter in the browser (process ${first.pid}`);
  expect(message).toContain("Nothing was opened or changed");
  expect(message).toContain("Use its window, close it first, or start with another folder: --folder <path>.");
  expect((await second.ended)[0]).toBe(1);
  expect(contents()).toEqual(before);
  first.kill("SIGCONT");
}

/** The data is as the till left it. */
async function expectWhole(): Promise<void> {
  await till.open();
  expect(till.station.care()).toMatchObject({ problem: null, fence: null, events: [] });
  expect(till.engine.read.sql("select number from sale")).toEqual([{ number: sold }]);
  expect(till.engine.replica.pending()).toHaveLength(3);
  await till.close();
}

test("a second workstation on a folder that is in use is refused in words, changes nothing, and starts once the first has ended", async () => {
  const first = start();
  expect(await first.said).toMatchObject({ ready: true });
  await expectRefused(first.child);
  await expectRefused(first.child, "--restore", backup);
  first.child.stdin?.end();
  expect(await first.ended).toEqual([0, null]);
  const second = start();
  expect(await second.said).toMatchObject({ ready: true });
  second.child.stdin?.end();
  await second.ended;
  await expectWhole();
});

test("after the first was killed without a word the second starts at once", async () => {
  const first = start();
  expect(await first.said).toMatchObject({ ready: true });
  first.child.kill("SIGKILL");
  await first.ended;
  const second = start();
  expect(await second.said).toMatchObject({ ready: true });
  await expectRefused(second.child);
  second.child.kill("SIGKILL");
  await second.ended;
  await expectWhole();
});
