import { z } from "zod";
import { searchPatients } from "../patients/queries.ts";
import { db } from "../read/database.ts";
import { procedure, router } from "../trpc.ts";
import { bearerOf, buyer, jobInTray, productBy, type SearchItem } from "./codes.ts";

/** One box for everything: people by any of their words, documents by the beginning or the end of their number. */
export const searchRouter = router({
  /** What was scanned: the one thing that bears this code, or nothing. */
  scanned: procedure.input(z.object({ code: z.string().max(200) })).query(({ ctx: { engine, session }, input }) => {
    const permissions = session.permissions();
    const may = (permission: string) => permission in permissions;
    return { item: bearerOf(engine.read, input.code.trim(), { may, branch: session.branch }) };
  }),
  universal: procedure
    .meta({ shows: ["patient", "job", "sale", "case_file", "product", "stock_level"] })
    .input(z.object({ text: z.string().max(200) }))
    .query(({ ctx: { engine, session }, input }) => {
      const text = input.text.trim();
      const may = session.permissions();
      const items: SearchItem[] = [];
      if (text.length < 2) return { items };
      if ("patients:view" in may) {
        for (const patient of searchPatients(engine.read, text, 8)) {
          items.push({
            kind: "patient",
            id: patient.id,
            title: `${patient.given_name} ${patient.family_name}`,
            subtitle: patient.date_of_birth,
            meta: [patient.formerly ?? patient.number, patient.phone].filter(Boolean).join(" · "),
          });
        }
      }
      const inTray = "orders:view" in may && /^\w{1,12}$/.test(text) ? jobInTray(engine.read, text) : null;
      if (inTray) items.push(inTray);
      const product = productBy(engine.read, text, session.branch);
      if (product) items.push(product);
      const upper = text.toUpperCase();
      const tail = `%${upper.replace(/[%_]/g, "")}`;
      const looksLikeNumber = /^[A-Z]{3}-/.test(upper) || /^\d{3,}(\/\d+)?$/.test(upper);
      if (!looksLikeNumber) return { items };
      const range = [upper, `${upper}\uffff`] as const;
      if ("orders:view" in may) {
        const rows = engine.read.all(
          db
            .selectFrom("job")
            .select(["id", "number", "patient_name", "stage"])
            .where((eb) =>
              eb.or([
                eb.and([eb("number", ">=", range[0]), eb("number", "<", range[1])]),
                eb("number", "like", tail),
                eb("number", "like", `${tail}/%`),
                eb("printed_number", "=", upper),
              ]),
            )
            .orderBy("at", "desc")
            .limit(6),
        );
        for (const row of rows.filter(({ id }) => id !== inTray?.id))
          items.push({ kind: "job", id: row.id, title: row.number, subtitle: row.patient_name, meta: row.stage });
      }
      if ("invoices:view" in may) {
        const rows = engine.read.all(
          db
            .selectFrom("sale as s")
            .select(["s.id", "s.number", "s.status", "s.patient_id"])
            .where((eb) =>
              eb.or([
                eb.and([eb("s.number", ">=", range[0]), eb("s.number", "<", range[1])]),
                eb("s.number", "like", tail),
                eb("s.printed_number", "=", upper),
              ]),
            )
            .orderBy("s.at", "desc")
            .limit(6),
        );
        for (const row of rows) {
          items.push({
            kind: "sale",
            id: row.id,
            title: row.number,
            subtitle: buyer(engine.read, row),
            meta: row.status,
          });
        }
      }
      if ("cases:view" in may) {
        const rows = engine.read.all(
          db
            .selectFrom("case_file")
            .select(["id", "number", "subject", "status"])
            .where((eb) =>
              eb.or([
                eb.and([eb("number", ">=", range[0]), eb("number", "<", range[1])]),
                eb("number", "like", tail),
                eb("printed_number", "=", upper),
              ]),
            )
            .orderBy("opened_at", "desc")
            .limit(6),
        );
        for (const row of rows)
          items.push({ kind: "case", id: row.id, title: row.number, subtitle: row.subject, meta: row.status });
      }
      return { items };
    }),
});
