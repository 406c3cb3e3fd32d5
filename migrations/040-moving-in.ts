/**
 * What brought-over records need to be lived with: the recall that a patient came with, and which sale of the till a
 * balance was paid in or used for. `credit` becomes a way of paying.
 */
import type { SchemaWriter } from "./schema.ts";

export const migration040 = {
  number: 40,
  name: "moving-in",
  up(db: SchemaWriter): void {
    db.addColumns("patient", { recall_on: "text?" });
    db.addColumns("brought_balance", { sale_id: "id?" });
  },
};
