import { expect, test } from "vitest";
import { sha1, sha256Hex } from "../../replica/crypto.ts";
import { defaultRoles } from "../../src-shared/access/index.ts";
import { ageOn } from "../../src-shared/calendar/index.ts";
import { foldCase } from "../../src-shared/cases/fold.ts";
import { parseLabel } from "../../src-shared/dispensing/label.ts";
import { readExamContent } from "../../src-shared/exams/record-content.ts";
import { foldJob } from "../../src-shared/lab/fold.ts";
import { stages } from "../../src-shared/lab/stages.ts";
import { vatIncluded } from "../../src-shared/money/index.ts";
import { checkRx, rxOf } from "../../src-shared/optics/index.ts";
import { fieldProblem } from "../../src-shared/sync/entity.ts";
import { derivedId, newId } from "../../src-shared/sync/ids.ts";
import { type EntityName, entities, entityOf } from "../../src-shared/sync/registry.ts";
import { demoPractice } from "./practice.ts";
import { makePrng } from "./prng.ts";

const practice = "0190aaaa0000700080000000000000aa";
const today = "2026-03-17";
const noon = Date.parse("2026-03-17T12:00:00Z");

function make(seed = 7, now = noon, day = today) {
  const random = makePrng(seed + 1);
  const bytes = (count: number) => Uint8Array.from({ length: count }, () => random.int(0, 255));
  return demoPractice({
    seed,
    today: day,
    now,
    practice,
    newId: (at) => newId(at, { bytes }),
    derive: (derivation) => derivedId(sha1, practice, derivation),
    sha256: sha256Hex,
  });
}
const rows = make();
const names = entities.map(({ name }) => name);
const stamped = <T extends object>(list: readonly T[]) =>
  list.map((row) => ({ ...row, hlc: "0".repeat(32) })) as never[];

test("every row passes its entity's check, and the entities stand in the order of the registry", () => {
  expect(Object.keys(rows)).toEqual(names);
  for (const name of names) {
    for (const { id, ...fields } of rows[name]) {
      expect(id).toMatch(/^[0-9a-f]{32}$/);
      const problem = fieldProblem(entityOf(name), "insert", fields);
      expect(problem, `${name} ${JSON.stringify(fields)}`).toBeNull();
      expect(Object.keys(fields).sort(), name).toEqual([...entityOf(name).columns].sort());
    }
  }
});

test("ids are unique and every reference resolves", () => {
  const roles = defaultRoles.map(({ code }) =>
    derivedId(sha1, practice, { subject: practice, reaction: `role:${code}`, index: 0 }),
  );
  const known = new Map<string, Set<string>>(names.map((name) => [name, new Set(rows[name].map(({ id }) => id))]));
  for (const name of names) expect(known.get(name)?.size, name).toBe(rows[name].length);
  known.set("role", new Set(roles));
  for (const name of names) {
    for (const row of rows[name] as unknown as Record<string, unknown>[]) {
      for (const [column, field] of Object.entries(entityOf(name).fields)) {
        if (!field.ref || row[column] === null) continue;
        expect(known.get(field.ref)?.has(row[column] as string), `${name}.${column}`).toBe(true);
      }
    }
  }
});

test("the same seed gives the same rows, another seed others", () => {
  expect(JSON.stringify(make())).toBe(JSON.stringify(rows));
  expect(JSON.stringify(make(8))).not.toBe(JSON.stringify(rows));
});

test("nothing happened later than now, whatever the hour and the weekday", () => {
  const starts = ["2026-03-15T03:00:00Z", "2026-03-16T00:10:00Z", "2026-06-30T23:30:00Z", "2026-12-27T12:00:00Z"];
  for (const start of starts) {
    const now = Date.parse(start);
    const made = make(3, now, start.slice(0, 10));
    for (const name of names as EntityName[]) {
      for (const row of made[name] as unknown as Record<string, unknown>[]) {
        for (const column of ["at", "signed_at", "started_at", "opened_at", "raised_at"]) {
          if (typeof row[column] === "number") expect(row[column], `${name}.${column}`).toBeLessThanOrEqual(now);
        }
      }
    }
    expect(new Set(made.job.map((job) => stageOf(made, job).stage))).toEqual(new Set(stages));
  }
});

test("patients: contacts lead nowhere, the people of the story are there", () => {
  expect(rows.patient).toHaveLength(241);
  const phones = rows.patient
    .flatMap(({ phone, phone_other }) => [phone, phone_other])
    .filter((phone) => phone !== null);
  for (const phone of phones) expect(phone).toMatch(/^(07700 900\d{3}|0113 496 0\d{3})$/);
  for (const { email } of rows.patient) if (email) expect(email).toMatch(/@example\.org$/);
  expect(new Set(rows.patient.map(({ number }) => number)).size).toBe(241);
  const margaret = rows.patient.find((row) => row.given_name === "Margaret" && row.family_name === "Ellison");
  expect(margaret?.date_of_birth).toBe("1958-12-03");
  const newest = rows.prescription.filter((row) => row.patient_id === margaret?.id).sort((a, b) => b.at - a.at)[0];
  expect(newest).toMatchObject({
    r_sphere: -4250,
    r_cylinder: -1250,
    r_axis: 15,
    r_add: 2250,
    l_sphere: -4750,
    l_cylinder: -750,
    l_axis: 165,
    l_add: 2250,
  });
  const sophie = rows.patient.find((row) => row.given_name === "Sophie" && row.family_name === "Ellison");
  expect(ageOn(sophie?.date_of_birth as string, today)).toBe(15);
  expect(rows.patient.some((row) => row.family_name === "Sutcliffe" && row.notes?.includes("glaucoma"))).toBe(true);
  expect(rows.patient.filter(({ allergies }) => allergies).length).toBeGreaterThan(8);
  expect(rows.prescription.filter((row) => row.r_prism_h ?? row.r_prism_v).length).toBeGreaterThan(3);
});

test("prescriptions can be made, records say what was signed", () => {
  for (const row of rows.prescription) {
    expect(checkRx(rxOf(row)).filter(({ severity }) => severity === "block")).toEqual([]);
  }
  expect(rows.exam_record).toHaveLength(rows.exam.length);
  for (const record of rows.exam_record) {
    expect(record.sha256).toBe(sha256Hex(record.content));
    expect(readExamContent(record.content).patient_id).toBe(record.patient_id);
  }
  expect(rows.handoff).toHaveLength(4);
  for (const handoff of rows.handoff) expect(handoff.handled_at).toBeNull();
});

test("sums agree: lines, VAT and payments", () => {
  for (const sale of rows.sale) {
    const lines = rows.sale_line.filter(({ sale_id }) => sale_id === sale.id);
    const total = lines.reduce((sum, line) => sum + line.line_total, 0);
    for (const line of lines) {
      expect(line.line_total).toBe(line.quantity * line.unit_price - line.discount);
      expect(line.vat_amount).toBe(vatIncluded(line.line_total, line.vat_rate));
    }
    const payments = rows.payment.filter(({ sale_id }) => sale_id === sale.id);
    const paid = payments.reduce((sum, { amount }) => sum + amount, 0);
    expect(paid * 2).toBeGreaterThanOrEqual(total);
    expect(paid).toBeLessThanOrEqual(total);
    for (const { tender, given, change, amount } of payments)
      if (tender === "cash") expect((given ?? 0) - (change ?? 0)).toBe(amount);
    expect(parseLabel(sale.number)?.terminal).toBe("T9");
  }
});

function stageOf(made: ReturnType<typeof make>, job: (typeof rows.job)[number]) {
  return foldJob(stamped([job])[0] as never, {
    job_event: stamped(made.job_event.filter(({ job_id }) => job_id === job.id)),
  });
}
test("34 jobs over all stages, with trays, rush, late and held ones", () => {
  const jobs = rows.job.map((job) => ({ job, fold: stageOf(rows, job) }));
  expect(jobs).toHaveLength(34);
  expect(new Set(jobs.map(({ fold }) => fold.stage))).toEqual(new Set(stages));
  const trays = jobs.flatMap(({ fold }) => fold.tray ?? []);
  expect(new Set(trays).size).toBe(30);
  expect(jobs.filter(({ fold }) => fold.held)).toHaveLength(4);
  expect(jobs.filter(({ fold }) => fold.late_events > 0)).toHaveLength(0);
  expect(jobs.filter(({ job }) => job.rush)).toHaveLength(4);
  const late = jobs.filter(({ job, fold }) => job.promised_on < today && !["ready", "collected"].includes(fold.stage));
  expect(late).toHaveLength(4);
  for (const { job } of jobs) {
    const pair = rows.sale_pair.find(({ id }) => id === job.pair_id);
    expect(rows.sale.find(({ id }) => id === pair?.sale_id)?.number).toBe(job.number.split("/")[0]);
    expect(job.promised_on > "2026-01-01").toBe(true);
  }
});

test("18 cases of several statuses and urgencies", () => {
  const folds = rows.case_file.map((file) =>
    foldCase(stamped([file])[0] as never, {
      case_event: stamped(rows.case_event.filter(({ case_id }) => case_id === file.id)),
      case_message: stamped(rows.case_message.filter(({ case_id }) => case_id === file.id)),
    }),
  );
  expect(folds).toHaveLength(18);
  expect(new Set(folds.map(({ status }) => status)).size).toBeGreaterThan(6);
  expect(folds.map(({ status }) => status)).toContain("reopened");
  expect(new Set(folds.map(({ urgency }) => urgency))).toEqual(new Set(["R", "W", "U", "E1", "E0"]));
  for (const { number } of rows.case_file) expect(number).toMatch(/^(LDS|HRG|YRK)-D9-K0000\d\d$/);
});
