import type { NewRow, Row } from "../sync/registry.ts";
import { jobLabel } from "./label.ts";

/** What was frozen into the pair when the glasses were sold: the job's content and the patient's name. */
export interface FrozenJob {
  readonly patient_name: string;
  readonly content: NewRow<"job">["content"];
}

/** The lab job of a sold pair, from the pair alone, so that any node can make the same row. `at` in UTC milliseconds. */
export function jobFromPair({
  sale,
  pair,
  at,
}: {
  sale: Row<"sale">;
  pair: Row<"sale_pair">;
  at: number;
}): NewRow<"job"> {
  const frozen = pair.job as unknown as FrozenJob;
  return {
    number: jobLabel(sale.number, pair.ordinal),
    printed_number: null,
    sale_id: sale.id,
    pair_id: pair.id,
    patient_id: pair.patient_id,
    patient_name: frozen.patient_name,
    branch_id: sale.branch_id,
    lab_branch_id: pair.lab_branch_id,
    content: frozen.content,
    promised_on: pair.promised_on,
    rush: pair.rush,
    at,
  };
}
