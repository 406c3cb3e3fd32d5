/** What is still expected: each leads to its place, or takes the reason why it was not done (domain §4.1). */
import { AlertTriangle, X } from "lucide-react";
import { useState } from "react";
import type { Gap, Written } from "../../../src-shared/exams/completeness.ts";
import { Button, Callout, ContextSection, Dialog, go, Kbd, TextInput, useT } from "../../ui/index.ts";
import { useItemActs } from "./items.ts";
import { openSection } from "./moving.ts";
import { useItems, useOpened, usePatient, useProgress } from "./opened.ts";
import { useProposal } from "./sections/outcome.tsx";

function useGapWord() {
  const t = useT("exams");
  const { form } = useOpened();
  return (what: string): string => {
    const asked = form
      .flatMap(({ questions }) => questions)
      .find(({ field }) => what === field.key || what.startsWith(`${field.key}.`));
    return asked?.label ?? t(`gap.${what}`);
  };
}

export function StillToDo({ expected, refer }: { expected: Written["questions"]; refer: (() => void) | null }) {
  const t = useT("exams");
  const { gaps } = useProgress(expected);
  const declined = useItems("declined");
  const acts = useItemActs();
  const word = useGapWord();
  const proposal = useProposal();
  const { patient } = usePatient();
  const close = ({ what, section }: Gap) => {
    if (what === "referral" && refer) refer();
    else if (what === "contact" && patient) go(`/patients/${patient.id}`);
    else openSection(section);
  };
  const [asking, setAsking] = useState<Gap | null>(null);
  return (
    <ContextSection title={t("todo")}>
      {gaps.length === 0 ? <p className="t2">{t("todoNone")}</p> : null}
      <ul className="todo">
        {gaps.map((gap) => (
          <li key={gap.what}>
            <AlertTriangle className="i s is-look" aria-hidden />
            <span className="grow">
              <button type="button" id={`gap-${gap.what}`} className="link plain-word" onClick={() => close(gap)}>
                {word(gap.what)}
              </button>
              {gap.what === "referral" && refer ? (
                <>
                  {" "}
                  <Kbd keys="Alt R" />
                </>
              ) : null}
              {gap.what === "recall" && proposal ? (
                <span className="small t3">
                  {" "}
                  {t("proposed", { count: proposal.months, because: t(`because.${proposal.because}`) })}
                </span>
              ) : null}
            </span>
            <button
              type="button"
              className="link small"
              aria-describedby={`gap-${gap.what}`}
              onClick={() => setAsking(gap)}
            >
              {t("whyNot")}
            </button>
          </li>
        ))}
        {declined.map(({ id, data }) => (
          <li key={id} className="t2">
            <span className="grow">
              <b>{t("declined")}.</b> {t("declinedWhy", { what: word(String(data.test)), reason: String(data.reason) })}
            </span>
            <button
              type="button"
              className="icon-button"
              aria-label={`${t("lists.remove")}: ${word(String(data.test))}`}
              onClick={() => void acts.remove([id]).catch(() => {})}
            >
              <X className="i s" aria-hidden />
            </button>
          </li>
        ))}
      </ul>
      {asking ? <WhyNot what={asking.what} word={word(asking.what)} close={() => setAsking(null)} /> : null}
    </ContextSection>
  );
}

const nothing = { reason: "", advice: "" };

function WhyNot({ what, word, close }: { what: string; word: string; close: () => void }) {
  const t = useT("exams");
  const acts = useItemActs();
  const { save } = useOpened();
  const half = `whynot.${what}`;
  const [{ reason, advice }, setTyped] = useState(() => (save.half(half) ?? nothing) as typeof nothing);
  const set = (more: Partial<typeof nothing>) => {
    const next = { reason, advice, ...more };
    setTyped(next);
    save.typing(half, next);
  };
  const [missing, setMissing] = useState(false);
  const keep = () => {
    if (reason.trim() === "") {
      setMissing(true);
      return;
    }
    void acts
      .add("declined", { test: what, reason: reason.trim(), advice: advice.trim() || null })
      .then(() => {
        save.typing(half, null);
        close();
      })
      .catch(() => {});
  };
  return (
    <Dialog
      title={t("whyNotTitle", { what: word })}
      open
      onClose={close}
      actions={
        <Button variant="primary" onClick={keep}>
          {t("whySave")}
        </Button>
      }
    >
      <div className="stack">
        <TextInput
          label={t("whyReason")}
          value={reason}
          onChange={(text) => set({ reason: text })}
          onEnter={keep}
          maxLength={400}
        />
        <TextInput
          label={t("whyAdvice")}
          value={advice}
          onChange={(text) => set({ advice: text })}
          onEnter={keep}
          maxLength={400}
        />
        {missing && reason.trim() === "" ? (
          <Callout tone="stop">{t("lists.missing", { field: t("whyReason").toLowerCase() })}</Callout>
        ) : null}
      </div>
    </Dialog>
  );
}
