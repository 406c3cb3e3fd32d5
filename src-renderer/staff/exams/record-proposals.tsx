/** What others wrote without seeing the signature: shown with what it says differently, accepted or set aside. */
import { useState } from "react";
import { type Output, useAct } from "../../api/index.ts";
import { Button, Callout, Dialog, instantText, TextInput, usePlace, useShortcuts, useT } from "../../ui/index.ts";
import { Begun, type BegunTexts } from "./begun.tsx";
import { Changes } from "./record-changes.tsx";

type Shown = Output<"exams.record">;
type Amendment = Shown["amendments"][number];
type Decision = "accepted" | "set_aside";

export function Proposals({ record, mayDecide }: { record: Shown; mayDecide: boolean }) {
  const t = useT("record");
  const { timeZone } = usePlace();
  const [deciding, setDeciding] = useState<{ id: string; decision: Decision } | null>(null);
  const open = record.amendments.filter(({ status }) => status === "open");
  const [first] = open;
  const decide = (decision: Decision) => first && setDeciding({ id: first.id, decision });
  useShortcuts([
    {
      keys: "Alt+A",
      label: t("accept"),
      group: t("title"),
      when: mayDecide && Boolean(first),
      run: () => decide("accepted"),
    },
    {
      keys: "Alt+S",
      label: t("setAside"),
      group: t("title"),
      when: mayDecide && Boolean(first),
      run: () => decide("set_aside"),
    },
  ]);
  if (!first) return null;
  const second = open.some(({ state }) => state === "concurrent");
  return (
    <div className="pad rec-proposals">
      <Callout tone="look" title={t(second ? "concurrent" : "proposed")}>
        <p className="t2">{t(second ? "concurrentText" : "proposedText")}</p>
        <ul>
          {open.map((proposal, index) => (
            <li key={proposal.id}>
              <div className="grow">
                <p>
                  <b>{proposal.author}</b> <span className="t3 tab">{instantText(proposal.at, timeZone, "exact")}</span>
                </p>
                <Said proposal={proposal} record={record} />
              </div>
              {mayDecide ? (
                <span className="row g2">
                  <Button
                    size="s"
                    {...(index === 0 ? { keys: "Alt A" } : {})}
                    onClick={() => setDeciding({ id: proposal.id, decision: "accepted" })}
                  >
                    {t("accept")}
                  </Button>
                  <Button
                    size="s"
                    variant="quiet"
                    {...(index === 0 ? { keys: "Alt S" } : {})}
                    onClick={() => setDeciding({ id: proposal.id, decision: "set_aside" })}
                  >
                    {t("setAside")}
                  </Button>
                </span>
              ) : null}
            </li>
          ))}
        </ul>
      </Callout>
      {deciding ? (
        <Begun examId={record.examId}>
          {(begun) => <Decide {...deciding} begun={begun} onClose={() => setDeciding(null)} />}
        </Begun>
      ) : null}
    </div>
  );
}

function Said({ proposal, record }: { proposal: Amendment; record: Shown }) {
  const t = useT("record");
  if (proposal.text) return <p>{proposal.text}</p>;
  if (proposal.changes.length === 0) return <p>{t("sameAsRecord")}</p>;
  return <Changes changes={proposal.changes} content={record.amended} />;
}

function Decide({
  id,
  decision,
  begun,
  onClose,
}: {
  id: string;
  decision: Decision;
  begun: BegunTexts;
  onClose: () => void;
}) {
  const t = useT("record");
  const answer = useAct("exams.answerAmendment");
  const name = `answer.${id}`;
  const [reason, setText] = useState(() => begun.get<string>(name) ?? "");
  const setReason = (text: string) => {
    setText(text);
    begun.set(name, text || null);
  };
  const act = () =>
    void answer
      .act({ amendmentId: id, decision, reason })
      .then(() => {
        begun.set(name, null);
        onClose();
      })
      .catch(() => {});
  const accepts = decision === "accepted";
  return (
    <Dialog
      title={t(accepts ? "acceptTitle" : "setAsideTitle")}
      open
      onClose={onClose}
      actions={
        <Button variant="primary" keys="Enter" busy={answer.busy} onClick={act}>
          {t(accepts ? "accept" : "setAside")}
        </Button>
      }
    >
      <div className="stack">
        <p className="t2">{t(accepts ? "acceptText" : "setAsideText")}</p>
        <TextInput
          label={t("why")}
          hint={t("whyHint")}
          value={reason}
          onChange={setReason}
          onEnter={act}
          autoComplete="off"
        />
        {answer.error ? <Callout tone="stop">{answer.error.message}</Callout> : null}
      </div>
    </Dialog>
  );
}
