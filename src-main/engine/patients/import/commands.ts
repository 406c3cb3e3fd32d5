/** Bringing records over, part by part, each a signed group of its own; and taking all of a run back. */
import { z } from "zod";
import type { Id } from "../../../../src-shared/sync/fields.ts";
import { refuse } from "../../../../src-shared/sync/ports.ts";
import type { Row } from "../../../../src-shared/sync/registry.ts";
import { idSchema } from "../../../../src-shared/sync/wire.ts";
import { bytes } from "../../read/database.ts";
import { defineCommand } from "../../write/define.ts";
import type { Transaction } from "../../write/transaction.ts";
import { standingFor } from "../kept.ts";
import { broughtBalance } from "./brought.ts";
import type { PlannedRow, Whose } from "./plan.ts";
import { othersOf, reversedNote } from "./undo.ts";
import { keepWork, nextPart, partsLeft, removePart, removeWork, workOf } from "./work.ts";

/** Whoever merges patients may bring them over (permission of `import_run`). */
export const importPermission = "patients:merge";

const counts = z.record(z.string(), z.int());

/** Notes what will be written, on this PC, and that it begins, for everybody. Nothing is brought yet. */
export const beginImport = defineCommand({
  name: "patients.begin-import",
  permission: importPermission,
  input: z.object({
    name: z.string().trim().min(1, "a name is needed").max(200),
    source: z.enum(["csv", "fhir"]),
    sha256: z.string().length(64),
    branchId: idSchema,
    role: idSchema.nullable(),
    counts,
    parts: z.array(z.custom<readonly PlannedRow[]>((part) => Array.isArray(part))).min(1),
  }),
  run(tx, input) {
    if (workOf(tx)) {
      throw refuse(
        "IMPORT_RUNS",
        "Records are being brought over on this PC already. Wait until it is done, or stop it.",
      );
    }
    const user = tx.user as Id;
    const run = tx.insert(
      "import_run",
      {
        name: input.name,
        source: input.source,
        sha256: input.sha256,
        counts: input.counts,
        branch_id: input.branchId,
        user_id: user,
        started_at: tx.now,
      },
      { branch: input.branchId },
    );
    const total = input.parts.reduce((sum, part) => sum + part.length, 0);
    keepWork(tx, { is: "bring", run: run.id, name: input.name, user, role: input.role, total }, input.parts);
    return { runId: run.id };
  },
});

/** Writes the next part of a run; says whether there are others. A part that was written already is not written again. */
export const bringPart = defineCommand({
  name: "patients.bring-part",
  permission: importPermission,
  input: z.object({ runId: idSchema }),
  run(tx, { runId }) {
    const run = tx.need("import_run", runId);
    if (run.undone_at !== null) {
      throw refuse("IMPORT_UNDONE", "This import has been undone, so nothing more of it is brought over.");
    }
    const part = nextPart(tx);
    if (!part) return { more: false };
    for (const row of part.rows) writeRow(tx, run, row);
    removePart(tx, part.key);
    const more = partsLeft(tx) > 0;
    if (!more) finish(tx, run, "finished");
    return { more };
  },
});

/** Stops a run: what is in stays and can be undone; what is not in is forgotten. */
export const stopImport = defineCommand({
  name: "patients.stop-import",
  permission: importPermission,
  input: z.object({ runId: idSchema }),
  run(tx, { runId }) {
    const run = tx.need("import_run", runId);
    finish(tx, run, "stopped");
  },
});

function finish(tx: Transaction, run: Row<"import_run">, how: "finished" | "stopped"): void {
  removeWork(tx);
  tx.patch("import_run", run.id, { counts: { ...run.counts, [how]: 1 } });
}

/** Ids follow from the run and the source, so that a run which begins again doubles nothing. */
function writeRow(tx: Transaction, run: Row<"import_run">, row: PlannedRow): void {
  const derived = (what: string, index: number) => tx.derive({ subject: run.id, reaction: `import:${what}`, index });
  const common = { import_id: run.id, branch_id: run.branch_id };
  const id = row.is === "patient" ? derived(row.source, 0) : derived(row.is, row.index);
  const table = {
    patient: "patient",
    prescription: "prescription",
    order: "brought_order",
    balance: "brought_balance",
  } as const;
  if (tx.sql(`select 1 from "${table[row.is]}" where id=?`, bytes(id)).length > 0) return;
  const options = { id, branch: run.branch_id };
  if (row.is === "patient") {
    tx.insert("patient", { ...row.fields, ...common, number: tx.label("P") }, options);
    return;
  }
  const patient_id = ownerOf(tx, row.whose, derived);
  // Somebody took the patient away while the run was going on: nothing to hang this on.
  if (patient_id === null) return;
  const placed = { ...common, patient_id, at: tx.now };
  if (row.is === "prescription") tx.insert("prescription", { ...row.fields, ...placed }, options);
  else if (row.is === "order") tx.insert("brought_order", { ...row.fields, ...placed }, options);
  else tx.insert("brought_balance", { ...row.fields, ...placed, user_id: tx.user }, options);
}

/** Merged patients since the dry run are followed to whom they were merged into. */
function ownerOf(tx: Transaction, whose: Whose, derived: (what: string, index: number) => Id): Id | null {
  let patient = tx.get("patient", "id" in whose ? whose.id : derived(whose.source, 0));
  for (let step = 0; step < 10 && patient?.merged_into_id; step++) patient = tx.get("patient", patient.merged_into_id);
  return patient?.id ?? null;
}

/** Takes a whole run back: from here on its prescriptions are hidden everywhere; the rest follows in parts. */
export const undoImport = defineCommand({
  name: "patients.undo-import",
  permission: importPermission,
  input: z.object({ runId: idSchema, role: idSchema.nullable(), total: z.int().min(0) }),
  run(tx, { runId, role, total }) {
    const run = tx.need("import_run", runId);
    const work = workOf(tx);
    if (work && work.run !== runId) {
      throw refuse("IMPORT_RUNS", "Records are being brought over on this PC. Wait until it is done, or stop it.");
    }
    removeWork(tx);
    const user = tx.user as Id;
    keepWork(tx, { is: "undo", run: runId, name: run.name, user, role, total }, []);
    if (run.undone_at === null) tx.patch("import_run", runId, { undone_at: tx.now, undone_by_id: user });
  },
});

/** Undoes some rows of a run that is undone. Whatever has got something else since is left alone. */
export const undoPart = defineCommand({
  name: "patients.undo-part",
  permission: importPermission,
  input: z.object({
    runId: idSchema,
    patients: z.array(idSchema).max(200),
    orders: z.array(idSchema).max(200),
    balances: z.array(idSchema).max(200),
    last: z.boolean(),
  }),
  run(tx, { runId, patients, orders, balances, last }) {
    for (const id of balances) reverse(tx, id);
    for (const id of orders) {
      if (tx.get("brought_order", id)?.closed_at === null) {
        tx.patch("brought_order", id, { closed_at: tx.now, closed_by_id: tx.user });
      }
    }
    const kept = othersOf(tx, runId, patients);
    for (const id of patients) if (!kept.has(id) && tx.get("patient", id)) tx.remove("patient", id);
    if (last) removeWork(tx);
  },
});

/** A counter-fact, since what was written about money is never changed. */
function reverse(tx: Transaction, id: Id): void {
  const balance = tx.get("brought_balance", id);
  const counter = tx.derive({ subject: id, reaction: "import:reversed", index: 0 });
  if (!balance || tx.get("brought_balance", counter)) return;
  tx.insert(
    "brought_balance",
    {
      patient_id: balance.patient_id,
      import_id: balance.import_id,
      amount: -balance.amount,
      reference: balance.reference,
      note: reversedNote,
      branch_id: balance.branch_id,
      user_id: tx.user,
      at: tx.now,
    },
    { id: counter, branch: balance.branch_id },
  );
}

/** An order from before was handed out, or will never come: it is no longer open. */
export const closeBroughtOrder = defineCommand({
  name: "patients.close-brought-order",
  permission: "pos:access",
  input: z.object({ id: idSchema }),
  run(tx, { id }) {
    if (tx.need("brought_order", id).closed_at !== null) {
      throw refuse("ORDER_CLOSED", "This order is closed already; a colleague may have handed it out.");
    }
    tx.patch("brought_order", id, { closed_at: tx.now, closed_by_id: tx.user });
  },
});

/** What was owed from before has been paid or written off: a counter-fact with the reason, by whoever may import. */
export const settleBroughtBalance = defineCommand({
  name: "patients.settle-brought-balance",
  permission: importPermission,
  input: z.object({ patientId: idSchema, amount: z.int(), reason: z.string().trim().min(3, "say how").max(300) }),
  run(tx, { patientId, amount, reason }) {
    const patient = standingFor(tx, patientId).id;
    if (broughtBalance(tx, patient) !== amount || amount === 0) {
      throw refuse(
        "BALANCE_CHANGED",
        "The balance from before has changed meanwhile. Look at it again; nothing was changed.",
      );
    }
    tx.insert("brought_balance", {
      patient_id: patient,
      amount: -amount,
      note: reason,
      branch_id: tx.branch,
      user_id: tx.user,
      at: tx.now,
    });
  },
});
