/**
 * The exam room on the replica of a large practice: what keeping one field costs, and in a real Chromium how long it
 * takes until an exam can be typed in and until a key is painted, with every field of the exam filled and kept meanwhile.
 *
 * Floor of keeping: on a second encrypted file of the same schema and settings, the row of the entry changed, its audit
 * row and an outbox row of the same size inserted, one transaction. The screen has no floor; its bars are absolute.
 */
import { randomFillSync } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Page } from "@playwright/test";
import { chromiumArgs, chromiumPath } from "../e2e/support/chromium.ts";
import { root } from "../scripts/run.ts";
import type { Engine } from "../src-main/engine/engine.ts";
import { addItem, patchExam, startExam } from "../src-main/engine/exams/draft.ts";
import { keepVerifier } from "../src-main/engine/session/sessions.ts";
import { createWorkstation, replicaFile } from "../src-main/engine/workstation.ts";
import { startHost } from "../src-main/host/server.ts";
import { clock, random, timers } from "../src-main/host/surroundings.ts";
import type { ExamField } from "../src-shared/exams/field.ts";
import { examFieldsBySection, keysOf, sectionKeys } from "../src-shared/exams/sections.ts";
import type { Id } from "../src-shared/sync/fields.ts";
import { silentLog } from "../src-shared/sync/ports.ts";
import { hashPassword } from "../sync-server/identity/people.ts";
import { makeLargeReplica } from "./large.ts";
import { type BenchOptions, median, percentile } from "./report.ts";
import { inFolder, openBareFile, openEngineOn } from "./support.ts";

const password = "a bench needs no secrets";
/** No centre is there: everything is as it is with the cable out. */
const noCentre = {
  open: () => Promise.reject(new Error("there is no line")),
};

export async function examBench({ quick, report }: BenchOptions): Promise<void> {
  const patients = quick ? 10_000 : 50_000;
  await inFolder("exam", async (folder) => {
    const large = await makeLargeReplica(folder, patients, { name: "replica", profile: "single" });
    const key = Buffer.from(large.key, "hex");
    const device = openEngineOn({ path: join(folder, replicaFile), key, upstream: noCentre });
    const actor = { user: large.people.CL, role: null };
    const exams = large.patients.slice(0, quick ? 6 : 21).map(({ id }) => fullExam(device.engine, id, actor));
    keeping({ engine: device.engine, exam: exams[0] as Id, actor, folder, quick, report });
    keepVerifier(device.engine, large.people.CL, await hashPassword(password), Date.now() + 86_400_000);
    device.close();
    await onScreen({ folder, key, exams, quick, report, note: `${large.rows} rows, ${patients} patients` });
  });
}

type Actor = { readonly user: Id; readonly role: null };

/** An exam with something in every field. */
function fullExam(engine: Engine, patientId: Id, actor: Actor): Id {
  const { id } = engine.execute(startExam, { patientId }, actor);
  for (const section of sectionKeys) {
    const entries = examFieldsBySection[section].flatMap((field) =>
      keysOf(field).map((name) => [name, someValue(field)] as const),
    );
    engine.execute(
      patchExam,
      { id, entries: Object.fromEntries(entries.filter(([, value]) => value !== null)) },
      actor,
    );
  }
  engine.execute(
    patchExam,
    { id, fields: { reason: "Routine", history: "None", outcome: "new_rx", recall_months: 24 } },
    actor,
  );
  for (const eye of ["r", "l"] as const) {
    const data = { eye, value: 165, method: "goldmann", at: 1_790_000_000_000 };
    engine.execute(addItem, { examId: id, list: "pressure", data }, actor);
  }
  return id;
}

function someValue({ shape }: ExamField): unknown {
  switch (shape.kind) {
    case "text":
      return "As it was last time, nothing new";
    case "choice":
      return shape.options[0] ?? null;
    case "many":
      return shape.options.slice(0, 2);
    case "yes_no":
      return true;
    case "number":
      return Math.round((shape.min + shape.max) / 2);
    case "acuity":
      return "6/6-1";
    case "power":
      return shape.quantity === "add" ? 2000 : -1250;
    case "axis":
      return 85;
    case "grade":
      return 10;
    default:
      return null;
  }
}

interface KeepingOptions extends BenchOptions {
  readonly engine: Engine;
  readonly exam: Id;
  readonly actor: Actor;
  readonly folder: string;
}

/** One field, kept: as autosave does it, against the bare rows. */
function keeping({ engine, exam, actor, folder, quick, report }: KeepingOptions): void {
  const runs = quick ? 3 : 5;
  const perRun = quick ? 200 : 500;
  let n = 0;
  const keep = () => {
    n += 1;
    engine.execute(patchExam, { id: exam, entries: { "posterior.disc.r": `healthy rim ${n}` } }, actor);
  };
  keep();
  const row = engine.db.prepare("select * from sync_outbox order by device_seq desc limit 1").get() as Record<
    string,
    unknown
  >;
  const audit = engine.db.prepare("select * from audit_entry order by id desc limit 1").get() as Record<
    string,
    unknown
  >;
  const entry = engine.db.prepare("select * from exam_entry limit 1").get() as Record<string, unknown>;
  const bare = openBareFile(folder, "bare");
  const into = (table: string, values: Record<string, unknown>) =>
    bare.prepare(
      `insert into "${table}" (${Object.keys(values)
        .map((name) => `"${name}"`)
        .join(",")}) values (${Object.keys(values)
        .map(() => "?")
        .join(",")})`,
    );
  into("exam_entry", entry).run(...Object.values(entry));
  const [begin, commit] = [bare.prepare("begin immediate"), bare.prepare("commit")];
  const change = bare.prepare("update exam_entry set value=?, clocks=? where id=?");
  const [outbox, audits] = [into("sync_outbox", row), into("audit_entry", audit)];
  let seq = row.device_seq as number;
  const write = () => {
    seq += 1;
    const ids = [Buffer.alloc(16), Buffer.alloc(16)] as const;
    for (const id of ids) randomFillSync(id);
    begin.run();
    change.run(`"healthy rim ${seq}"`, `{"value":"${"0".repeat(32)}"}`, entry.id);
    outbox.run(...Object.values({ ...row, device_seq: seq, group_id: ids[0] }));
    audits.run(...Object.values({ ...audit, id: ids[1] }));
    commit.run();
  };
  for (let i = 0; i < 50; i++) {
    keep();
    write();
  }
  const [real, floor]: [number[][], number[][]] = [[], []];
  for (let run = 0; run < runs; run++) {
    engine.db.pragma("wal_checkpoint(TRUNCATE)");
    bare.pragma("wal_checkpoint(TRUNCATE)");
    const turns = [() => real.push(timed(perRun, keep)), () => floor.push(timed(perRun, write))];
    for (const turn of run % 2 === 0 ? turns : turns.reverse()) turn();
  }
  bare.close();
  for (const [measure, share] of [
    ["autosave_p50_ms", 0.5],
    ["autosave_p99_ms", 0.99],
  ] as const) {
    const of = (times: number[][]) => median(times.map((each) => percentile(each, share)));
    report({ bench: "exam", measure, value: of(real), unit: "ms", floor: of(floor), runs });
  }
}

function timed(count: number, work: () => void): number[] {
  return Array.from({ length: count }, () => {
    const before = performance.now();
    work();
    return performance.now() - before;
  });
}

interface ScreenOptions extends BenchOptions {
  readonly folder: string;
  readonly key: Uint8Array;
  readonly exams: readonly Id[];
  readonly note: string;
}

async function onScreen({ folder, key, exams, quick, report, note }: ScreenOptions): Promise<void> {
  const renderer = join(root, "out/renderer");
  if (!existsSync(join(renderer, "index.html"))) {
    console.error("exam: the screens are not built (npm run build), so open_ms and key_p95_ms are left out");
    return;
  }
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: [...chromiumArgs] }).catch(() => null);
  if (!browser) {
    console.error("exam: there is no Chromium here, so open_ms and key_p95_ms are left out");
    return;
  }
  const workstation = await createWorkstation({
    folder,
    dataKey: async () => key,
    destroyKey: async () => {},
    connect: () => noCentre,
    clock,
    timers,
    random,
    log: silentLog,
    version: "bench",
    pcName: "Bench",
  });
  const host = await startHost({ workstation, renderer, log: silentLog });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(host.url);
    await page.getByLabel("Name or e-mail").fill("cl@example.org");
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: /^Sign in/ }).click();
    await page.getByRole("navigation", { name: "Main" }).waitFor();
    const opened: number[] = [];
    for (const exam of exams) {
      await page.evaluate(() => {
        window.location.hash = "/patients";
      });
      await page.locator("[data-key]").first().waitFor({ state: "detached" });
      await page.waitForTimeout(150);
      opened.push(await openExam(page, exam));
    }
    // The first one loads the code of the screen.
    report({
      bench: "exam",
      measure: "open_ms",
      value: median(opened.slice(1)),
      unit: "ms",
      runs: opened.length - 1,
      note: `${note}; from the click until a field takes a key and is painted; bar 200 ms`,
    });
    const keys = await typing(page, quick ? 150 : 600);
    report({
      bench: "exam",
      measure: "key_p95_ms",
      value: percentile(keys, 0.95),
      unit: "ms",
      runs: 1,
      note: `${keys.length} keys in a full exam, 16 a second, kept meanwhile; from the key until it is painted; bar 32 ms`,
    });
  } finally {
    await browser.close();
    await host.close();
    await workstation.close();
  }
}

const firstField = '[data-key="subjective.sphere.r"]';

/** Milliseconds from the change of place until a field of the exam stands there and the frame is painted. */
function openExam(page: Page, exam: Id): Promise<number> {
  return page.evaluate(
    ([place, field]) =>
      new Promise<number>((done) => {
        const began = performance.now();
        const look = () => {
          const input = document.querySelector<HTMLInputElement>(field as string);
          if (!input) return;
          observer.disconnect();
          input.focus();
          requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
        };
        const observer = new MutationObserver(look);
        observer.observe(document.body, { childList: true, subtree: true });
        window.location.hash = place as string;
      }),
    [`/exam/${exam}`, firstField],
  );
}

/** Milliseconds: sixteen keys a second, which is faster than anybody types. Without it keys queue behind frames. */
const betweenKeys = 60;

/** Types into fields of several kinds, as people do, and says for each key how long it took until it was painted. */
async function typing(page: Page, count: number): Promise<number[]> {
  await page.evaluate(() => {
    const times: number[] = [];
    Object.assign(window, { benchKeys: times });
    document.addEventListener(
      "keydown",
      ({ timeStamp }) => requestAnimationFrame(() => setTimeout(() => times.push(performance.now() - timeStamp))),
      true,
    );
  });
  const fields = [
    "posterior.disc.r",
    "subjective.sphere.r",
    "history.general",
    "subjective.sphere.l",
    "anterior.cornea.l",
  ];
  for (let n = 0; n < count; ) {
    for (const field of fields) {
      const input = page.locator(`[data-key="${field}"]`).first();
      await input.focus();
      await page.keyboard.press("Control+A");
      for (const letter of field.startsWith("subjective") ? "-225" : `seen ${n % 10} and as before`) {
        await page.keyboard.press(letter === " " ? "Space" : letter);
        await page.waitForTimeout(betweenKeys);
        n += 1;
      }
    }
  }
  return await page.evaluate(() => (window as unknown as { benchKeys: number[] }).benchKeys);
}
