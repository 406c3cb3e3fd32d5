/** Somebody of a small practice, named by role or by id, signed in at a device. */
import type { Engine } from "../src-main/engine/engine.ts";
import type { Session } from "../src-main/engine/session/sessions.ts";
import { permissionsOf } from "../src-shared/access/can.ts";
import type { SmallPractice } from "./practice.ts";

export function sessionAt(
  { engine }: { readonly engine: Engine },
  { practice }: { readonly practice: SmallPractice },
  person: string,
): Session {
  const user = practice.people[person as keyof SmallPractice["people"]] ?? person;
  const { branch } = engine.identity();
  return {
    user,
    name: person,
    role: null,
    branch,
    run: (command, input) => engine.execute(command, input, { user, role: null, branch }),
    permissions: () => permissionsOf(engine.access(), user),
  };
}
