/** The migrations of the next version: one more. */
import { migrations as before, type Migration } from "../../migrations/index.ts";
import type { SchemaWriter } from "../../migrations/schema.ts";

export * from "../../migrations/index.ts";

const migration990: Migration = {
  number: 990,
  name: "next-version",
  up(db: SchemaWriter): void {
    db.addColumns("patient", { preferred_name: "text?" });
    db.addColumns("payment", { wallet_reference: "text?" });
    db.entity("recall_letter", { patient_id: "id", sent_on: "text", channel: "text", at: "int" });
    db.entity("recall_wish", { patient_id: "id", month: "text", note: "text?" }, { mergeable: true });
  },
};

export const migrations: readonly Migration[] = [...before, migration990];
export const schemaVersion = migration990.number;
