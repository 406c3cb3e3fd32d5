/**
 * The files that somebody has on their desk before they are brought over: in memory only, per person. What was said about
 * their columns is kept on this PC for the next file with the same headers.
 */
import { hash } from "node:crypto";
import { localDate } from "../../../../src-shared/calendar/index.ts";
import { writeCsv } from "../../../../src-shared/patients/import/csv.ts";
import type { Finding } from "../../../../src-shared/patients/import/finding.ts";
import type { Id } from "../../../../src-shared/sync/fields.ts";
import { refuse } from "../../../../src-shared/sync/ports.ts";
import type { Engine } from "../../engine.ts";
import { limitsOn } from "../../exams/limits.ts";
import { bytes } from "../../read/database.ts";
import type { Session } from "../../session/sessions.ts";
import { type Candidate, type Check, type CheckState, createCheck, type Duplicate, type LineRef } from "./check.ts";
import { beginImport } from "./commands.ts";
import { lacks, type Reading, readAlike, readFile, type StagedFile, signatureOf, withReading } from "./file.ts";
import { countImport, type Decision, planImport } from "./plan.ts";

/** All files of an import together, bytes. */
const mostBytes = 50 * 1024 * 1024;

export type Desk = ReturnType<typeof createDesk>;
const desks = new WeakMap<Engine, Map<Id, Desk>>();

/** The desk of a person at this PC. */
export function deskOf(engine: Engine, user: Id): Desk {
  const all = desks.get(engine) ?? new Map<Id, Desk>();
  desks.set(engine, all);
  const desk = all.get(user) ?? createDesk(engine, user);
  all.set(user, desk);
  return desk;
}

function createDesk(engine: Engine, user: Id) {
  const { read } = engine;
  /** As each was understood by itself, and as all of them are read. */
  let alone: StagedFile[] = [];
  let files: StagedFile[] = [];
  const put = (next: readonly StagedFile[]) => {
    alone = [...next];
    files = readAlike(alone);
    forget();
  };
  const arriving = new Map<string, Buffer[]>();
  let check: Check | null = null;
  const decisions = new Map<LineRef, Decision>();

  function forget(): void {
    check = null;
    decisions.clear();
  }
  const checked = (): Check => {
    if (!check || check.state.done < check.state.total) {
      throw refuse(
        "IMPORT_UNCHECKED",
        "These files have not been checked yet, or have changed since. Check them first.",
      );
    }
    return check;
  };
  const fileOf = (id: string) => {
    const file = alone.find((each) => each.id === id);
    if (!file) throw refuse("IMPORT_GONE", "This file is not here any more. Choose it again.");
    return file;
  };

  /** A piece of a file; understood when the last one is here. One of the same name takes the place of the first. */
  function upload(piece: { id: string; name: string; data: string; first: boolean; last: boolean }): StagedFile | null {
    const held = piece.first ? [] : arriving.get(piece.id);
    if (!held) throw refuse("IMPORT_GONE", "A piece of this file got lost on its way. Choose it again.");
    held.push(Buffer.from(piece.data, "base64"));
    arriving.set(piece.id, held);
    const size = held.reduce((sum, { length }) => sum + length, 0);
    const others = alone.filter(({ name }) => name !== piece.name);
    if (size + others.reduce((sum, file) => sum + file.size, 0) > mostBytes) {
      arriving.delete(piece.id);
      throw refuse("IMPORT_TOO_LARGE", "All files together are larger than 50 MB. Bring them over in several goes.");
    }
    if (!piece.last) return null;
    arriving.delete(piece.id);
    const file = readFile(piece.id, piece.name, Buffer.concat(held), remembered);
    put([...others, file]);
    return files.find(({ id }) => id === file.id) ?? file;
  }

  function remembered(signature: string): Reading | null {
    const [row] = read.sql<{ body: string }>(
      "select body from local_draft where kind='import-mapping' and key=? and user_id=?",
      signature,
      bytes(user),
    );
    return row ? (JSON.parse(row.body) as Reading) : null;
  }

  /** How a person says that a file is to be read. A target is one column's: whichever had it before has nothing then. */
  function change(
    id: string,
    { column, ...said }: Partial<Reading> & { column?: { index: number; target: string | null } | undefined },
  ): void {
    const file = fileOf(id);
    if (file.form !== "csv") throw refuse("IMPORT_MAPPING", "A FHIR bundle says itself what its parts are.");
    const mapping =
      column &&
      file.mapping.map((had, at) => (at === column.index ? column.target : had === column.target ? null : had));
    const next = withReading(file, mapping ? { ...said, mapping } : said);
    put(alone.map((each) => (each === file ? next : each)));
    const { kind, positive } = next;
    const dateOrder = next.orderFrom === "said" ? next.dateOrder : null;
    engine.db
      .prepare("insert or replace into local_draft (kind, key, user_id, body, at) values ('import-mapping',?,?,?,?)")
      .run(
        signatureOf(next.headers),
        bytes(user),
        JSON.stringify({ kind, mapping: next.mapping, dateOrder, positive } satisfies Reading),
        engine.time.now(),
      );
  }

  /** Reads on; says how far it is. */
  function checkOn(again: boolean): { done: number; total: number } {
    const lacking = files.find((file) => lacks(file).length > 0);
    if (files.length === 0 || lacking) {
      throw refuse("IMPORT_MAPPING", `Say which column is what${lacking ? ` in ${lacking.name}` : ""} first.`);
    }
    if (again || !check) {
      forget();
      const day = today(engine);
      check = createCheck(read, files, { today: day, limits: limitsOn(read, engine.identity().practice, day) });
    }
    check.next();
    const { done, total } = check.state;
    return { done, total };
  }

  /** What happens with somebody who seems to be here; unless a person says otherwise, the likeliest is taken if all fits. */
  function decisionOf(duplicate: Duplicate): Decision {
    const said = decisions.get(duplicate.ref);
    if (said) return said;
    const [best] = duplicate.candidates;
    return best && (best.why === "same" || best.why === "number") ? { is: "same", to: best.to } : { is: "new" };
  }

  function deciding({ duplicates }: CheckState): (ref: LineRef) => Decision {
    const byRef = new Map(duplicates.map((duplicate) => [duplicate.ref, duplicate]));
    return (ref) => {
      const duplicate = byRef.get(ref);
      return duplicate ? decisionOf(duplicate) : { is: "new" };
    };
  }

  function decide(ref: LineRef | null, is: Decision["is"], candidate: number): void {
    const { state } = checked();
    for (const duplicate of ref === null ? state.duplicates : state.duplicates.filter((each) => each.ref === ref)) {
      const to: Candidate["to"] | undefined = duplicate.candidates[candidate]?.to;
      if (is === "same" && !to)
        throw refuse("IMPORT_GONE", "This person is not proposed any more. Check the files again.");
      decisions.set(duplicate.ref, is === "same" ? { is, to: to as Candidate["to"] } : { is });
    }
  }

  /** The lines that stay out as they stand in their files, each with why: to be corrected and chosen again. */
  function badLines(): { name: string; text: string }[] {
    const { state } = checked();
    return files.flatMap((file, index) => {
      const reasons = Map.groupBy(
        state.findings.filter((each) => each.file === index && each.severity === "bad"),
        ({ line }) => line,
      );
      if (reasons.size === 0) return [];
      const why = (line: number) => (reasons.get(line) ?? []).map(said).join(" ");
      const rows: string[][] =
        file.form === "csv"
          ? [
              [...file.headers, "Line", "Why it stays out"],
              ...file.rows
                .filter(({ line }) => reasons.has(line))
                .map(({ line, cells }) => [...file.headers.map((_, at) => cells[at] ?? ""), String(line), why(line)]),
            ]
          : [
              ["Entry", "Why it stays out"],
              ...[...reasons.keys()].sort((a, b) => a - b).map((line) => [String(line), why(line)]),
            ];
      // With a mark in front, a spreadsheet takes it for what it is.
      return [{ name: `not brought over, ${file.name.replace(/\.\w+$/, "")}.csv`, text: `\uFEFF${writeCsv(rows)}` }];
    });
  }

  /** Writes down what will be brought, and begins. */
  function begin(session: Session, name: string, branchId: Id): { runId: Id } {
    const { state } = checked();
    const { parts, counts } = planImport(
      state,
      files.map((file) => file.name),
      deciding(state),
    );
    if (parts.length === 0) {
      throw refuse(
        "IMPORT_NOTHING",
        "There is nothing to bring over: every line stays out or is here already. Nothing was changed.",
      );
    }
    const [first] = files;
    const begun = session.run(beginImport, {
      name,
      branchId,
      role: session.role,
      source: files.every(({ form }) => form === "fhir") ? "fhir" : "csv",
      sha256:
        files.length === 1 && first
          ? first.sha256
          : hash(
              "sha256",
              files
                .map((file) => file.sha256)
                .sort()
                .join(),
              "hex",
            ),
      counts,
      parts,
    });
    put([]);
    engine.imports.start();
    return begun;
  }

  return {
    files: () => files,
    check: () => check,
    checked,
    upload,
    change,
    checkOn,
    decisionOf,
    coming: ({ state }: Check) => countImport(state, deciding(state)),
    decide,
    badLines,
    begin,
    remove(id: string | null): void {
      put(id === null ? [] : alone.filter((file) => file.id !== id));
    },
  };
}

const said = ({ column, message }: Finding) => (column === "" ? message : `${column}: ${message}`);

function today(engine: Engine): string {
  const [branch] = engine.read.sql<{ time_zone: string }>(
    "select time_zone from branch where id=?",
    bytes(engine.identity().branch),
  );
  return localDate(engine.time.now(), branch?.time_zone ?? "Europe/London");
}
