/**
 * What was begun beside an exam and not sent: a letter, an amendment, why something was not done. Closing the dialog loses
 * nothing of it, and each key press is on this PC's disk, so that a pulled plug does not either.
 */
import type { ReactNode } from "react";
import { send, useLive } from "../../api/index.ts";
import { useSession } from "../shell/session.tsx";
import { unkeptKeeper } from "./unkept.ts";

/** By name of what it is: `refer`, `amend`. Null is nothing begun. */
export interface BegunTexts {
  get<T>(name: string): T | null;
  set(name: string, value: unknown): void;
}
const open = new Map<string, BegunTexts>();

function begunOf(id: string, person: string, stored: Readonly<Record<string, unknown>>): BegunTexts {
  const known = open.get(`${person} ${id}`);
  if (known) return known;
  const values = new Map(Object.entries(stored));
  const typed = unkeptKeeper(
    stored,
    () => Object.fromEntries(values),
    ({ keep, drop }) => send("exams.keepUnkept", { id, where: "beside", keep: { ...keep }, drop: [...drop] }),
  );
  const made: BegunTexts = {
    get: <T,>(name: string) => (values.get(name) ?? null) as T | null,
    set(name, value) {
      if (value === null) values.delete(name);
      else values.set(name, value);
      typed();
    },
  };
  open.set(`${person} ${id}`, made);
  return made;
}

/** Shows its children once what was begun of this exam is known: inputs begin with it. */
export function Begun({ examId, children }: { examId: string; children: (begun: BegunTexts) => ReactNode }) {
  const { person } = useSession();
  const { data, isFetched } = useLive("exams.unkept", { id: examId, where: "beside" });
  return isFetched ? children(begunOf(examId, person.id, data ?? {})) : null;
}
