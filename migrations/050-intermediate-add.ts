/**
 * The addition for between travels with the prescription: whoever dispenses has no record of the exam, and what another
 * system receives is made of the prescription alone.
 */
import type { SchemaWriter } from "./schema.ts";

export const migration050 = {
  number: 50,
  name: "intermediate-add",
  up(db: SchemaWriter): void {
    db.addColumns("prescription", { r_inter_add: "int?", l_inter_add: "int?" });
  },
};
