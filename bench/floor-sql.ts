/** The two bare statements of the floors of `query` and `open`, as one would write them by hand for just that. */

/** Parameters: from and to of what is typed as it stands in the index, how many candidates. */
export const searchSql = `
  select p.id, p.number, p.given_name, p.family_name, p.date_of_birth, p.phone, p.postcode, p.allergies, p.warning
  from (select distinct patient_id from patient_token where token >= ? and token < ? limit ?) c
  join patient p on p.id = c.patient_id order by p.family_name, p.given_name limit 12`;

export const candidates = 60;

const parts: readonly (readonly [table: string, alias: string, from: string, at: string])[] = [
  ["prescription", "r", "prescription r where r.patient_id = @id", "r.at"],
  ["exam_summary", "e", "exam_summary e where e.patient_id = @id", "e.at"],
  ["handoff", "h", "handoff h where h.patient_id = @id", "h.raised_at"],
  ["sale", "s", "sale s where s.patient_id = @id", "s.at"],
  ["sale_line", "l", "sale s join sale_line l on l.sale_id = s.id where s.patient_id = @id", "s.at"],
  ["payment", "y", "sale s join payment y on y.sale_id = s.id where s.patient_id = @id", "y.at"],
  ["job", "j", "job j where j.patient_id = @id", "j.at"],
  ["case_file", "c", "case_file c where c.patient_id = @id and c.deleted = 0", "c.opened_at"],
  ["case_message", "m", "case_file c join case_message m on m.case_id = c.id where c.patient_id = @id", "m.at"],
  ["contact_lens_spec", "k", "contact_lens_spec k where k.patient_id = @id", "k.at"],
  ["appointment", "a", "appointment a where a.patient_id = @id and a.deleted = 0", "a.starts_at"],
  ["consent", "n", "consent n where n.patient_id = @id", "n.at"],
  ["patient_change", "g", "patient_change g where g.patient_id = @id", "g.at"],
  ["patient_link", "f", "patient_link f where f.patient_id = @id and f.deleted = 0", "0"],
  ["patient_link", "f", "patient_link f where f.other_id = @id and f.deleted = 0", "0"],
  ["brought_balance", "b", "brought_balance b where b.patient_id = @id", "b.at"],
  ["brought_order", "o", "brought_order o where o.patient_id = @id and o.deleted = 0", "o.at"],
  ["field_conflict", "i", "field_conflict i where i.row_id = @id", "i.at"],
];

/**
 * All of one patient's history in one statement, newest first: the patient, and everything about them, each thing with
 * all its columns as a JSON array (tables differ, a statement's columns do not). `columnsOf` names a table's columns.
 */
export function historySql(columnsOf: (table: string) => readonly string[]): string {
  const cells = (table: string, alias: string) =>
    columnsOf(table)
      .map((name) =>
        name === "id" || name === "hlc" || name.endsWith("_id") ? `hex(${alias}."${name}")` : `${alias}."${name}"`,
      )
      .join(",");
  const selects = parts.map(
    ([table, alias, from, at]) => `select '${table}', ${at} as at, json_array(${cells(table, alias)}) from ${from}`,
  );
  const patient = `select 'patient', 9e15 as at, json_array(${cells("patient", "p")}) from patient p where p.id = @id and p.deleted = 0`;
  return `${[patient, ...selects].join("\nunion all\n")}\norder by at desc`;
}
