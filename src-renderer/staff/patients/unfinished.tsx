/** What was typed into a form that was left without saving: it is offered when the form is opened again. */
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Button, Callout, useShortcuts, useT } from "../../ui/index.ts";
import { useSession } from "../shell/session.tsx";
import { fields } from "./fields.ts";
import type { Form } from "./form.tsx";

type Typed = Partial<Form>;
/** Only until the program is closed; each person has their own. */
const left = new Map<string, Typed>();

/** `of`: which form it is. `finish` before it is closed because its work is done. */
export function useUnfinished(of: string, typed: Typed) {
  const { person } = useSession();
  const key = `${person.id} ${of}`;
  const [offered, setOffered] = useState(() => left.get(key) ?? null);
  const latest = useRef(typed);
  latest.current = typed;
  const finished = useRef(false);
  useEffect(
    () => () => {
      if (finished.current) left.delete(key);
      else if (Object.keys(latest.current).length > 0) left.set(key, latest.current);
    },
    [key],
  );
  return {
    offered,
    taken: () => setOffered(null),
    finish: () => {
      finished.current = true;
    },
  };
}

export function Unfinished({ offered, take }: { offered: Typed | null; take: (typed: Typed) => void }) {
  const t = useT("patients");
  const run = () => offered && take(offered);
  useShortcuts(offered ? [{ keys: "Alt+U", label: t("unfinishedTake"), group: t("title"), run }] : []);
  if (!offered) return null;
  const who = [offered.givenName, offered.familyName].filter(Boolean).join(" ");
  const what = fields.filter(({ form }) => offered[form] !== undefined).map(({ label }) => t(label));
  return (
    <Callout tone="info" title={t("unfinished")}>
      <div className="row g3">
        <span className="grow">{[who, what.join(", ")].filter(Boolean).join(": ")}</span>
        <Button size="s" keys="Alt U" onClick={run}>
          {t("unfinishedTake")}
        </Button>
      </div>
    </Callout>
  );
}

/** Enter moves on to the next field, as it does in the exam; in a text of several lines it begins a line. */
export function enterMovesOn(event: KeyboardEvent<HTMLFormElement>): void {
  const { target, currentTarget } = event;
  const typing = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
  if (event.key !== "Enter" || !typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const all = [...currentTarget.elements].filter((field) => !(field instanceof HTMLButtonElement)) as HTMLElement[];
  const next = all[all.indexOf(target) + (event.shiftKey ? -1 : 1)];
  (next ?? currentTarget.closest("dialog")?.querySelector<HTMLElement>(".dialog-foot button"))?.focus();
}
