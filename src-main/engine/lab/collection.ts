/** Handing glasses out: to a child or somebody registered sight impaired only with a registered optician there. */
import { localDate } from "../../../src-shared/calendar/index.ts";
import { restrictionOf } from "../../../src-shared/exams/issued.ts";
import { type Registrant, writeRegistrant } from "../../../src-shared/lab/registrant.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import type { Row } from "../../../src-shared/sync/registry.ts";
import { standingFor } from "../patients/kept.ts";
import { db, type Reader } from "../read/database.ts";
import type { Transaction } from "../write/transaction.ts";

const because = {
  under_16: "The patient is under 16.",
  SI: "The patient is registered sight impaired.",
  SSI: "The patient is registered severely sight impaired.",
  sold: "These glasses were sold to somebody whose dispensing the law restricts.",
} as const;

/**
 * Why only a registrant may hand a job's glasses out today: asked again at the collection, since a child may have turned 16
 * (domain §4.2). A bench, which holds no patients, goes by what was so at the sale.
 */
function restrictionAt(tx: Transaction, job: Row<"job">): keyof typeof because | null {
  if (tx.get("patient", job.patient_id) === null) return job.content.restricted === true ? "sold" : null;
  const zone = tx.get("branch", tx.branch)?.time_zone ?? "Europe/London";
  return restrictionOf(standingFor(tx, job.patient_id), localDate(tx.now, zone));
}

/**
 * What the event of a collection says: who was there, where the law wants somebody; null where it does not.
 *
 * @throws Refusal `REGISTRANT_NEEDED` where nobody was named.
 */
export function collectionText(tx: Transaction, job: Row<"job">, registrant: Registrant | null): string | null {
  const why = restrictionAt(tx, job);
  if (why === null) return null;
  if (registrant === null) {
    throw refuse(
      "REGISTRANT_NEEDED",
      `${because[why]} A registered optician has to be there and check the fit: say who. Nothing was changed.`,
      { why },
    );
  }
  return writeRegistrant(registrant);
}

/** Colleagues with a number in the register. */
export function registrants(read: Reader): { id: string; name: string; number: string }[] {
  return read
    .all(
      db
        .selectFrom("app_user")
        .select(["id", "display_name as name", "registration_number as number"])
        .where("registration_number", "is not", null)
        .where("active", "=", 1)
        .where("deleted", "=", 0)
        .orderBy("display_name"),
    )
    .map(({ id, name, number }) => ({ id, name, number: number ?? "" }));
}
