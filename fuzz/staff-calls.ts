/** Calls of the staff app's procedures, in process: by people of every role, by nobody, and before there is a practice. */
import fc from "fast-check";
import { staffRouter } from "../src-main/engine/router.ts";
import { call, inputsOf, type Outcome, type Procedure, proceduresOf } from "./procedures.ts";
import { type StaffWorld, staffRoles } from "./staff-world.ts";
import { resolved } from "./values.ts";

export interface StaffCall {
  readonly path: string;
  readonly as: (typeof staffRoles)[number] | "nobody" | "first run";
  readonly input: unknown;
}

/** Passwords cost a tenth of a second each, by intent, and joining makes keys: they get fewer inputs. */
const dear = new Set(["session.signIn", "access.setPassword", "setup.join", "setup.createPractice"]);
/** A wrong password counts, though it is refused. */
const countsWhenRefused = new Set(["session.signIn"]);

export function staffProcedures(): Procedure[] {
  return proceduresOf(staffRouter);
}

export function staffCalls(procedures = staffProcedures()): fc.Arbitrary<StaffCall> {
  const people = fc.oneof(
    { weight: 6, arbitrary: fc.constant("OW" as const) },
    { weight: 10, arbitrary: fc.constantFrom(...staffRoles) },
    { weight: 1, arbitrary: fc.constantFrom("nobody" as const, "first run" as const) },
  );
  return fc.oneof(
    ...procedures.map((procedure) => ({
      weight: dear.has(procedure.path) ? 1 : procedure.type === "mutation" ? 60 : 20,
      arbitrary: fc.record({ path: fc.constant(procedure.path), as: people, input: inputsOf(procedure) }),
    })),
  );
}

/** Makes the call and looks that it wrote whole groups or nothing. @throws what is wrong. */
export async function checkStaffCall(world: StaffWorld, given: StaffCall): Promise<Outcome["kind"]> {
  const procedure = staffProcedures().find(({ path }) => path === given.path);
  if (!procedure) throw new Error(`there is no procedure ${given.path}`);
  const workstation = given.as === "first run" ? world.empty : world.workstation;
  world.signedIn(given.as);
  const before = world.version();
  const input = resolved(given.input, (table, n) => world.id(table, n));
  let outcome: Outcome;
  try {
    outcome = await call(staffRouter, procedure, workstation.context(given.as), input, 5);
  } catch (error) {
    throw new Error(`${given.path} as ${given.as}: ${(error as Error).stack}`, { cause: error });
  }
  const wrote = world.version() !== before;
  const groups = world.whole();
  if (wrote && outcome.kind !== "answered" && !countsWhenRefused.has(given.path))
    throw new Error(`${given.path} was refused and has written all the same`);
  if (wrote && procedure.type === "query") throw new Error(`${given.path} only reads and has written`);
  if (groups > 1) throw new Error(`${given.path} is one command and has written ${groups} groups`);
  return outcome.kind;
}
