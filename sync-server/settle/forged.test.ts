/** What the centre does not take from a device that says whatever it likes, outside the exam room. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openCentreDatabase } from "../../sim/clinic.ts";
import { type ForgedRoom, openForgedRoom } from "../../sim/forged-room.ts";
import { openTestCentre, type SmallPractice } from "../../sim/practice.ts";
import { balanceLine } from "../../src-shared/dispensing/from-before.ts";
import type { Body } from "../../src-shared/sync/group.ts";
import { entityOf } from "../../src-shared/sync/registry.ts";
import type { Centre } from "../centre.ts";
import type { Database } from "../database/database.ts";
import { rowFromCentre } from "../database/rows.ts";

let db: Database;
let centre: Centre;
let room: ForgedRoom;
let people: SmallPractice["people"];

beforeAll(async () => {
  db = await openCentreDatabase();
  centre = await openTestCentre({ db });
}, 60_000);
beforeEach(async () => {
  room = await openForgedRoom(centre);
  people = room.practice.people;
});
afterAll(() => db.close());

const body: ForgedRoom["body"] = (...given) => room.body(...given);
const push: ForgedRoom["push"] = (...given) => room.push(...given);
const settled = { verdict: "settled" };
const refused = (code: string) => ({ verdict: "rejected", code });

async function patient(): Promise<string> {
  const made = body("patient", {
    number: `P-${Math.random()}`,
    given_name: "Margaret",
    family_name: "Ellison",
    date_of_birth: "1958-12-03",
    contact_by_text: true,
    contact_by_email: false,
    branch_id: room.practice.branches.leeds,
  });
  expect(await push("OW", made)).toMatchObject(settled);
  return made.row;
}
async function stored(entity: string, id: string): Promise<Record<string, unknown> | null> {
  const [raw] = await db.query<Record<string, unknown>>(`select * from "${entity}" where practice_id=$1 and id=$2`, [
    room.practice.practice,
    id,
  ]);
  return raw ? rowFromCentre(entityOf(entity), raw) : null;
}

describe("a patient", () => {
  test("is taken away, and brought back, only by who may merge records", async () => {
    const id = await patient();
    const ways: Partial<Body>[] = [
      { op: "remove", fields: {} },
      { op: "restore", fields: {} },
      { op: "patch", fields: { deleted: true } },
      { op: "patch", fields: { deleted: false, notes: "x" } },
      { op: "patch", fields: { merged_into_id: id } },
    ];
    for (const way of ways)
      expect(await push("DO", body("patient", {}, { row: id, ...way })), JSON.stringify(way)).toMatchObject(
        refused("NO_PERMISSION"),
      );
    expect(await stored("patient", id)).toMatchObject({ deleted: false, merged_into_id: null });
    expect(await push("DO", body("patient", { notes: "x" }, { row: id, op: "patch" }))).toMatchObject(settled);
    expect(await push("OW", body("patient", {}, { row: id, op: "remove" }))).toMatchObject(settled);
  });

  test("has said yes, and was changed, by the word of who is signed in, never of nobody", async () => {
    const id = await patient();
    const consent = { patient_id: id, purpose: "marketing", given: true, how: "paper", note: null, at: 1 };
    const change = { patient_id: id, field: "notes", before: null, after: "x", at: 1 };
    for (const [entity, fields] of [
      ["consent", consent],
      ["patient_change", change],
    ] as const) {
      for (const user_id of [null, undefined, people.OW])
        expect(await push("RC", body(entity, { ...fields, user_id })), entity).toMatchObject(refused("NOT_ALLOWED"));
      expect(await push("RC", body(entity, { ...fields, user_id: people.RC })), entity).toMatchObject(settled);
    }
  });
});

test("a reply is by who is signed in; only a patient's own words are by nobody of the practice", async () => {
  const file = body("case_file", {
    number: "K-1",
    subject: "Sore eye",
    channel: "phone",
    patient_id: await patient(),
    branch_id: room.practice.branches.leeds,
    opened_by_id: people.OW,
    opened_at: 1,
  });
  const message = (from: string, author_id: string | null) =>
    body("case_message", {
      case_id: file.row,
      from,
      channel: "phone",
      body: "It is better.",
      author: "Somebody",
      author_id,
      at: 1,
    });
  const opened = await push("OW", file);
  expect(opened, JSON.stringify(opened)).toMatchObject(settled);
  expect(await push("OW", message("staff", null))).toMatchObject(refused("NOT_ALLOWED"));
  expect(await push("OW", message("patient", people.RC))).toMatchObject(refused("NOT_ALLOWED"));
  expect(await push("OW", message("patient", null))).toMatchObject(settled);
});

describe("a balance from the system before", () => {
  const placed = () => ({ branch_id: room.practice.branches.leeds, at: Date.now() });
  /** Somebody who owes £100 from before. */
  async function debtor(): Promise<string> {
    const id = await patient();
    const owed = body("brought_balance", { patient_id: id, amount: 10_000, user_id: people.OW, ...placed() });
    expect(await push("OW", owed)).toMatchObject(settled);
    return id;
  }
  function saleOf(patient_id: string): Body {
    return body("sale", {
      number: `S-${Math.random()}`,
      patient_id,
      device_id: room.device,
      dispenser_id: people.DO,
      business_date: "2026-11-28",
      currency: "GBP",
      ...placed(),
    });
  }
  const lineOf = (sale: Body, amount: number, ordinal = 1) =>
    body("sale_line", {
      sale_id: sale.row,
      ordinal,
      kind: "service",
      product_id: null,
      description: ordinal === 1 ? balanceLine : "A discount of mine",
      quantity: 1,
      unit_price: amount,
      discount: 0,
      line_total: amount,
      vat_rate: 0,
      vat_amount: 0,
    });
  const paymentOf = (sale: Body, amount: number, tender = "card") =>
    body("payment", {
      sale_id: sale.row,
      kind: "payment",
      tender,
      amount,
      taken_by_id: people.DO,
      device_id: room.device,
      business_date: "2026-11-28",
      ...placed(),
    });
  const counterOf = (sale: Body, patient_id: string, amount: number) =>
    body("brought_balance", { patient_id, amount, user_id: people.DO, sale_id: sale.row, ...placed() });
  const owedBy = async (patient_id: string) => {
    const rows = await db.query<{ amount: number }>(
      "select amount from brought_balance where practice_id=$1 and patient_id=$2",
      [room.practice.practice, patient_id],
    );
    return rows.reduce((sum, { amount }) => sum + amount, 0);
  };

  test("is not written off: the sale that is named charges just this and has been paid", async () => {
    const [id, other] = [await debtor(), await debtor()];
    const whole = (sale: Body) => [sale, lineOf(sale, 10_000), paymentOf(sale, 10_000)];
    const lies: ((sale: Body) => Body[])[] = [
      (sale) => [sale, counterOf(sale, id, -10_000)],
      (sale) => [sale, lineOf(sale, 10_000), counterOf(sale, id, -10_000)],
      (sale) => [...whole(sale), counterOf(sale, other, -10_000)],
      (sale) => [sale, lineOf(sale, 100), paymentOf(sale, 100), counterOf(sale, id, -10_000)],
      (sale) => [...whole(sale), lineOf(sale, -10_000, 2), counterOf(sale, id, -10_000)],
      (sale) => [sale, lineOf(sale, 10_000), paymentOf(sale, 10_000, "credit"), counterOf(sale, id, 0)],
    ];
    for (const [index, lie] of lies.entries())
      expect(await push("DO", ...lie(saleOf(id))), `lie ${index}`).toMatchObject(refused("MALFORMED"));
    // Nor by a sale that stands already.
    const sale = saleOf(id);
    expect(await push("DO", ...whole(sale), counterOf(sale, id, -10_000))).toMatchObject(settled);
    expect(await push("DO", counterOf(sale, id, -10_000))).toMatchObject(refused("MALFORMED"));
    expect([await owedBy(id), await owedBy(other)]).toEqual([0, 10_000]);
  });

  test("does not become credit that pays, and credit that pays is used up", async () => {
    const id = await debtor();
    const [first, second] = [saleOf(id), saleOf(id)];
    const goods = (sale: Body) => ({
      ...lineOf(sale, 500),
      fields: { ...lineOf(sale, 500).fields, description: "Case" },
    });
    const byCredit = paymentOf(first, 500, "credit");
    expect(await push("DO", first, goods(first), byCredit)).toMatchObject(refused("MALFORMED"));
    expect(
      await push("DO", second, goods(second), paymentOf(second, 500, "credit"), counterOf(second, id, 500)),
    ).toMatchObject(settled);
    expect(await owedBy(id)).toBe(10_500);
    // There was none: it stands, and somebody is asked.
    const tasks = await db.query("select kind from review_task where practice_id=$1", [room.practice.practice]);
    expect(tasks).toEqual([{ kind: "over_settled" }]);
  });
});
