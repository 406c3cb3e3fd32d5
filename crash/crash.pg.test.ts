import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openReplica } from "../replica/open.ts";
import { replicaFile } from "../src-main/engine/workstation.ts";
import { chooseSecretStore } from "../src-main/secrets/choose.ts";
import { openDataKey } from "../src-main/secrets/data-key.ts";
import { keyFile } from "../src-main/secrets/key-file.ts";
import type { Centre } from "../sync-server/centre.ts";
import { checkEverything } from "./check.ts";
import type { Place, Shown } from "./messages.ts";
import { crashRun } from "./run.ts";

type Places = readonly Omit<Place, "seed">[];

test("a dozen kills in the middle of the work: what was shown exists once, everywhere, and whole; and who looks sees", async () => {
  const lines: string[] = [];
  const unseen: string[] = [];
  const report = await crashRun({
    kills: 12,
    seed: 3,
    minutes: 1,
    centre: "postgres",
    print: (line) => lines.push(line),
    afterwards: async (...world) => void unseen.push(...(await notNoticed(...world))),
  });
  expect(report.problems, lines.join("\n")).toEqual([]);
  expect(Object.values(report.kills).reduce((sum, n) => sum + n, 0)).toBe(12);
  expect(report.sales).toBeGreaterThan(10);
  // The two tills hold the same.
  expect(report.digests["till A"]).toBe(report.digests["till B"]);
  expect(unseen).toEqual([]);
}, 90_000);

interface Damage {
  readonly name: string;
  /** The check has to say this. */
  readonly said: RegExp;
  readonly atCentre?: string;
  readonly atTill?: string;
  readonly receipt?: (shown: Shown) => Shown;
}
/** What a kill might have done, done by hand to whole things. */
const damages: readonly Damage[] = [
  {
    name: "another amount was paid than is counted",
    said: /sale .*: \d+ counted, \d+ paid/,
    atCentre: "update payment set amount = amount + 1 where id = (select max(id::text)::uuid from payment)",
  },
  {
    name: "a job is lost",
    said: /jobs: |paid \d+ of \d+, 0 jobs/,
    atCentre: "delete from job where id = (select max(id::text)::uuid from job)",
  },
  {
    name: "a group is lost from the log",
    said: /the log: /,
    atCentre: "delete from change_log where seq = (select max(seq) - 1 from change_log)",
  },
  {
    name: "a row is lost at the centre",
    said: /the centre lacks 1 rows of group/,
    atCentre: "delete from sale_line where id = (select max(id::text)::uuid from sale_line)",
  },
  {
    name: "a group was altered",
    said: /group \w+ at \d+: /,
    atCentre: `update change_log set header = replace(header, '"v":', '"v": ') where seq = (select max(seq) from change_log)`,
  },
  {
    name: "a row is lost at a till",
    said: /till A lacks 1 rows of group/,
    atTill: "delete from sale_line where id = (select max(id) from sale_line)",
  },
  {
    name: "a till shows something else than the centre",
    said: /till A: .*patient/s,
    atTill: "update patient set notes = 'not what was typed' where id = (select max(id) from patient)",
  },
  {
    name: "something waits for ever",
    said: /till A still has 1 groups to send/,
    atTill: "update sync_outbox set state='pending' where device_seq = (select max(device_seq) from sync_outbox)",
  },
  {
    name: "a till does not know its own last group",
    said: /its chain does not end where its counters say/,
    atTill: "update sync_clock set prev = '0'",
  },
  {
    name: "a receipt says more than was paid",
    said: /the receipt \S+ says/,
    receipt: (shown) => (shown.sale ? { ...shown, sale: { ...shown.sale, paid: shown.sale.paid + 1 } } : shown),
  },
  {
    name: "something was shown that is nowhere",
    said: /0 times in the log/,
    receipt: (shown) => ({ ...shown, group: "f".repeat(32), headerHash: "nobody's" }),
  },
];

/** Names of the damages that the check does not notice, with what it said instead; each is undone again. */
async function notNoticed(centre: Centre, practice: string, [till]: Places): Promise<string[]> {
  const unseen: string[] = [];
  if (!till) return ["there is no till"];
  for (const { name, said, atCentre, atTill, receipt } of damages) {
    const folder = mkdtempSync(join(tmpdir(), "horopter-damage-"));
    cpSync(till.folder, folder, { recursive: true });
    const receipts = join(folder, "receipts");
    const shown = readFileSync(till.receipts, "utf8").trimEnd().split("\n");
    const altered = receipt ? shown.map((line) => JSON.stringify(receipt(JSON.parse(line) as Shown))) : shown;
    writeFileSync(receipts, `${altered.join("\n")}\n`);
    if (atTill) await atDevice(folder, atTill);
    const undone = new Error("undone");
    await centre.db
      .transaction(async (tx) => {
        if (atCentre) await tx.query(atCentre);
        const damaged = { ...centre, db: { ...centre.db, query: tx.query } };
        const { problems } = await checkEverything(damaged, practice, [{ ...till, folder, receipts }]);
        if (!problems.some((problem) => said.test(problem))) unseen.push(`${name}: ${JSON.stringify(problems)}`);
        throw undone;
      })
      .catch((error: unknown) => {
        if (error !== undone) throw error;
      });
    rmSync(folder, { recursive: true });
  }
  return unseen;
}

async function atDevice(folder: string, statement: string): Promise<void> {
  const secrets = await chooseSecretStore(folder, [keyFile]);
  const sqlite = openReplica({ path: join(folder, replicaFile), key: await openDataKey({ folder, secrets }) });
  sqlite.pragma("foreign_keys=OFF");
  expect(sqlite.prepare(statement).run().changes).toBe(1);
  sqlite.close();
}
