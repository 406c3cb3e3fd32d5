/** The registry of the next version: a column more, entities more, values more than today's. */
import { foldCase } from "../../src-shared/cases/fold.ts";
import { defineEntity, type Fields } from "../../src-shared/sync/entity.ts";
import { date, idField, instant, nullable, oneOf, text, unknownAs } from "../../src-shared/sync/fields.ts";
import { type AnyEntity, createRegistry, entities } from "../../src-shared/sync/registry.ts";

export * from "../../src-shared/sync/registry.ts";

/** A letter that went to a patient: a new fact in a stream that is there already. */
const recallLetter = defineEntity({
  name: "recall_letter",
  kind: "fact",
  stream: "people",
  fields: {
    patient_id: idField("patient"),
    sent_on: date(),
    channel: unknownAs("post", oneOf("post", "email")),
    at: instant(),
  },
  permissions: { insert: "patients:edit_demographics" },
});

/** When a patient wants to be reminded: a new register. */
const recallWish = defineEntity({
  name: "recall_wish",
  kind: "register",
  stream: "people",
  fields: { patient_id: idField("patient"), month: text(20), note: nullable(text(200)) },
  permissions: { insert: "patients:edit_demographics", patch: "patients:edit_demographics" },
});

const added: Readonly<Record<string, Fields>> = {
  patient: { preferred_name: nullable(text(100)) },
  payment: {
    tender: unknownAs(
      "other",
      oneOf(
        "cash",
        "card",
        "contactless",
        "bacs",
        "cheque",
        "gift_voucher",
        "nhs_voucher",
        "credit",
        "other",
        "wallet",
      ),
    ),
    wallet_reference: nullable(text(60)),
  },
};

/** `on_loan` is a status that today's version does not know and shows as open. */
const caseFile = {
  compute(...[row, facts]: Parameters<typeof foldCase>) {
    const folded = foldCase(row, facts);
    const lent = (facts.case_event ?? []).some((event) => event.value === "on_loan");
    return lent ? { ...folded, status: "on_loan" } : folded;
  },
};

const declarations = entities.flatMap((declared): AnyEntity[] => {
  const entity = declared as unknown as AnyEntity;
  const fields = { ...entity.fields, ...added[entity.name] };
  if (entity.name === "case_event") {
    const value = entity.fields.value as Fields[string];
    const values: [string, ...string[]] = ["on_loan", ...(value.values ?? [])];
    return [defineEntity({ ...entity, fields: { ...fields, value: unknownAs("open", oneOf(...values)) } })];
  }
  if (entity.name === "case_file" && entity.fold) {
    return [defineEntity({ ...entity, fold: { ...entity.fold, compute: caseFile.compute } })];
  }
  const same = defineEntity({ ...entity, fields });
  return entity.name === "patient" ? ([same, recallLetter, recallWish] as unknown as AnyEntity[]) : [same];
});

export const { allEntities, entityOf, findEntity, foldsFrom } = createRegistry(declarations);
