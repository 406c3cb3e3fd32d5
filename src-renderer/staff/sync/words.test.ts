import { expect, test } from "vitest";
import { allEntities } from "../../../src-shared/sync/registry.ts";
import { addTexts, translate } from "../../ui/i18n.ts";
import { enGB as access } from "../access/en-GB.ts";
import { enGB as cases } from "../cases/en-GB.ts";
import { enGB as dispensing } from "../dispensing/en-GB.ts";
import { enGB as exams } from "../exams/en-GB.ts";
import { enGB as lab } from "../lab/en-GB.ts";
import { enGB as patients } from "../patients/en-GB.ts";
import { enGB as today } from "../today/en-GB.ts";
import { enGB } from "./en-GB.ts";
import { type Card, choiceLabel, fieldLabel } from "./fields.ts";
import { cardName, cardSubject, cardTitle, commandWords, takenFor } from "./words.ts";

for (const [name, texts] of Object.entries({ sync: enGB, access, cases, dispensing, exams, lab, patients, today }))
  addTexts(name, texts);
const t = (key: string, values?: Record<string, unknown>) => translate("sync", key, values);

const sale: Card = {
  id: "group:1",
  kind: "rejected",
  code: "NO_PERMISSION",
  command: "dispensing.checkout",
  who: "Hannah Boyle",
  whoId: "u",
  device: "Leeds till",
  at: 1,
  about: { entity: "sale", id: "s", name: "LDS-T1-000001", patient: "Sophie Ellison", here: false },
  args: {},
  typed: [],
  following: [],
  place: { at: "here", by: null, note: null },
  conflict: null,
  decides: "you",
  actions: [],
};

test("every field has a name that can be read, whether somebody thought of one or not", () => {
  for (const { name, fields } of allEntities)
    for (const field of Object.keys(fields))
      expect(fieldLabel(name, field), `${name}.${field}`).not.toMatch(/Not known|_|fields|\bid\b|Vat/);
  expect(fieldLabel("case_message", "channel")).toBe("How it came in");
  expect(fieldLabel("patient", "shoe_size")).toBe("Shoe size");
  expect(fieldLabel("prescription", "r_tint_depth")).toBe("Right tint depth");
});

test("a choice and a command of a newer version read as what they are, as far as that is known", () => {
  expect(choiceLabel("payment", "tender", "gift_card")).toBe("Gift card");
  expect(choiceLabel("patient", "sex", "female")).toBe("Female");
  expect(commandWords(t, { command: "patients.archive" })).toBe("Patient details");
  expect(commandWords(t, { command: "recalls.send" })).toBe("Something newer");
});

test("a returned sale is known by its patient, and its number stands beside", () => {
  expect(cardTitle(t, sale)).toBe("Sophie Ellison");
  expect(cardSubject(t, sale)).toBe("Sale LDS-T1-000001");
  expect(cardName(t, sale)).toBe("Sophie Ellison, LDS-T1-000001");
  const hidden = { ...sale, command: "patients.update", about: null };
  expect(cardTitle(t, hidden)).toBe("Patient details");
  expect(cardSubject(t, hidden)).toBe("");
});

test("what was taken for a sale counts the payments that rest on it", () => {
  const paid = (amount: number) =>
    ({ entity: "payment", op: "insert", field: "amount", value: amount }) as Card["typed"][number];
  const discount = { entity: "sale_line", op: "insert", field: "discount", value: 500 } as Card["typed"][number];
  const following = [{ group: "g", command: "dispensing.pay", at: 2, typed: [paid(5_000)] }];
  expect(takenFor({ ...sale, typed: [discount, paid(10_000)], following })).toBe(15_000);
  expect(takenFor(sale)).toBe(0);
});
