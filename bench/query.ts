/**
 * The reads that staff wait for most, on the replica of a large practice: patients as one types, and the screen of one
 * patient, of a usual one and of one with 300 records; the engine's own queries over its reading connection. And who is
 * like somebody who is being registered, which has no floor: there is no one statement for it.
 *
 * Floor: the two statements of `floor-sql.ts`, prepared once, on a connection of the same settings to the same file,
 * with the same inputs, taken in turns. Rows are read, nothing is converted.
 */
import { openReplica } from "../replica/open.ts";
import { possibleDuplicates } from "../src-main/engine/patients/duplicates.ts";
import { searchPatients } from "../src-main/engine/patients/queries.ts";
import { patientSummary } from "../src-main/engine/patients/summary.ts";
import { createReader } from "../src-main/engine/read/database.ts";
import { profileStreams } from "../src-shared/sync/entity.ts";
import { candidates, historySql, searchSql } from "./floor-sql.ts";
import { type LargeReplica, makeLargeReplica } from "./large.ts";
import type { BenchOptions } from "./report.ts";
import { median, percentile } from "./report.ts";
import { inFolder } from "./support.ts";

export async function queryBench({ quick, report }: BenchOptions): Promise<void> {
  const runs = quick ? 3 : 5;
  const patients = quick ? 10_000 : 50_000;
  await inFolder("query", async (folder) => {
    const large = await makeLargeReplica(folder, patients);
    const key = Buffer.from(large.key, "hex");
    const product = openReplica({ path: large.path, key, readonly: true });
    const bare = openReplica({ path: large.path, key, readonly: true });
    const read = createReader(product);
    const search = bare.prepare(searchSql);
    const history = bare.prepare(
      historySql((table) => (bare.pragma(`table_info("${table}")`) as { name: string }[]).map(({ name }) => name)),
    );
    const typed = typedTexts(large);
    const note = `${large.rows} rows, ${patients} patients`;

    const compare = (
      measure: string,
      said: string,
      count: number,
      real: (n: number) => unknown,
      floor: (n: number) => unknown,
    ) => {
      const times: { real: number[]; floor: number[] } = { real: [], floor: [] };
      // Warm: pages in the cache, statements prepared, code compiled.
      for (let n = 0; n < count; n++) {
        real(n);
        floor(n);
      }
      for (let run = 0; run < runs; run++) {
        const sides = { real: [] as number[], floor: [] as number[] };
        for (let n = 0; n < count; n++) {
          const order = (n + run) % 2 === 0 ? (["real", "floor"] as const) : (["floor", "real"] as const);
          for (const side of order) {
            const before = performance.now();
            if (side === "real") real(n);
            else floor(n);
            sides[side].push(performance.now() - before);
          }
        }
        times.real.push(percentile(sides.real, 0.99));
        times.floor.push(percentile(sides.floor, 0.99));
      }
      report({
        bench: "query",
        measure,
        value: median(times.real),
        unit: "ms",
        floor: median(times.floor),
        runs,
        note: said,
      });
    };
    compare(
      "search_p99_ms",
      `${note}; ${typed.length} texts, each as it grows letter by letter`,
      typed.length,
      (n) => searchPatients(read, (typed[n] as Typed).text),
      (n) => {
        const { entry } = typed[n] as Typed;
        return search.all(entry, `${entry}\uffff`, candidates);
      },
    );
    const asker = { may: () => true, streams: profileStreams.till, now: Date.now() };
    const screens = (measure: string, said: string, ids: readonly string[], count: number) => {
      const idAt = (n: number) => ids[n % ids.length] as string;
      compare(
        measure,
        said,
        count,
        (n) => patientSummary(read, idAt(n), asker),
        (n) => history.all({ id: Buffer.from(idAt(n), "hex") }),
      );
    };
    const usual = large.patients.map(({ id }) => id);
    screens("history_p99_ms", note, usual, usual.length);
    const [regular = ""] = large.regulars;
    const records = history.all({ id: Buffer.from(regular, "hex") }).length;
    screens("summary_p99_ms", `${note}; patients with ${records} records`, large.regulars, 400);
    let likes: number[] = [];
    for (let run = 0; run <= runs; run++) {
      // The first warms.
      if (run === 1) likes = [];
      for (const { given, family, born, phone } of large.patients.slice(0, 300)) {
        const before = performance.now();
        possibleDuplicates(read, { given_name: given, family_name: family, date_of_birth: born, phone });
        likes.push(performance.now() - before);
      }
    }
    report({
      bench: "query",
      measure: "duplicates_p99_ms",
      value: percentile(likes, 0.99),
      unit: "ms",
      runs: likes.length,
      note,
    });
    product.close();
    bare.close();
  });
}

interface Typed {
  readonly text: string;
  /** The same as the index has it. */
  readonly entry: string;
}

/** What people type, letter by letter: a family name; two beginnings; a date of birth; a phone number. */
function typedTexts({ patients }: LargeReplica): Typed[] {
  const texts: Typed[] = [];
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z]/g, "");
  patients.slice(0, 60).forEach(({ given, family, born, phone }, index) => {
    const [a, b] = [plain(given), plain(family)];
    const text = (typed: string, entry = typed) => texts.push({ text: typed, entry });
    if (index % 2 === 0) for (let end = 2; end <= b.length; end++) text(b.slice(0, end));
    for (let end = 1; end <= b.length; end++) text(`${a} ${b.slice(0, end)}`);
    const [year = "", month = "", day = ""] = born.split("-");
    text(`${day}/${month}/${year}`, `${day}${month}${year}`);
    const digits = phone.replace(/\D/g, "");
    for (let end = 7; end <= digits.length; end++) text(digits.slice(0, end), `p${digits.slice(0, end)}`);
  });
  return texts;
}
