/** The foot of the record: what is missing, that all is kept, and the one act that ends the exam. */
import { AlertTriangle, Lock, Mail } from "lucide-react";
import { type ReactNode, useCallback, useSyncExternalStore } from "react";
import type { Written } from "../../../src-shared/exams/completeness.ts";
import { useAct } from "../../api/index.ts";
import { Button, Chip, ConfirmButton, FootBar, go, instantText, notify, usePlace, useT } from "../../ui/index.ts";
import type { KeptState } from "./autosave.ts";
import { focusKey, goToSection, openSection } from "./moving.ts";
import { useOpened, useProgress } from "./opened.ts";
import { entryLabel } from "./words.ts";

export function ExamFoot({
  expected,
  act,
  busy,
  finish,
  refer,
  others,
}: {
  expected: Written["questions"];
  /** The words of the primary act; null where this person has none. */
  act: string | null;
  busy: boolean;
  finish: () => void;
  /** Opens the letter of referral; null for who sends none. */
  refer: (() => void) | null;
  others: ReactNode;
}) {
  const t = useT("exams");
  const { id } = useOpened();
  const { gaps } = useProgress(expected);
  const discard = useAct("exams.discard");
  const [first] = gaps;
  const unwritten = gaps.some(({ what }) => what === "referral");
  return (
    <FootBar
      actions={
        <>
          {others}
          {act ? (
            <Button variant="primary" size="big" icon={Lock} keys="Ctrl Enter" busy={busy} onClick={finish}>
              {act}
            </Button>
          ) : null}
        </>
      }
    >
      {first ? (
        <button type="button" className="chip-button" onClick={() => openSection(first.section)}>
          <Chip tone="look" icon={AlertTriangle}>
            {t("gaps", { count: gaps.length })}
          </Chip>
        </button>
      ) : (
        <Chip tone="done">{t("gapsNone")}</Chip>
      )}
      {unwritten ? (
        <button type="button" className="chip-button" onClick={refer ?? (() => goToSection("outcome"))}>
          <Chip tone="look" icon={Mail}>
            {t("noLetter")}
          </Chip>
        </button>
      ) : null}
      <KeptWords />
      <ConfirmButton
        size="s"
        variant="quiet"
        title={t("discardTitle")}
        text={t("discardText")}
        confirm={t("discard")}
        onConfirm={() =>
          void discard
            .act({ id })
            .then(() => go("/exam"))
            .catch((error: Error) => notify({ tone: "stop", title: error.message }))
        }
      >
        {t("discard")}
      </ConfirmButton>
    </FootBar>
  );
}

export function useKeptState(): KeptState {
  const { save } = useOpened();
  const watch = useCallback((run: () => void) => save.watch("", run), [save]);
  return useSyncExternalStore(watch, () => save.state);
}

function KeptWords() {
  const t = useT("exams");
  const { save, form } = useOpened();
  const { timeZone } = usePlace();
  const { at, trouble, held } = useKeptState();
  const [first] = held;
  if (first !== undefined)
    return (
      <button type="button" className="link is-stop clip" onClick={() => focusKey(first)}>
        {t("held", { count: held.length, field: entryLabel(form, first), message: save.held(first)?.message ?? "" })}
      </button>
    );
  return (
    <span className={`clip ${trouble ? "is-stop" : "t2"}`} role="status">
      {trouble
        ? t("notKept", { message: trouble })
        : at
          ? t("kept", { time: instantText(at, timeZone, "time") })
          : t("keptAll")}
    </span>
  );
}
