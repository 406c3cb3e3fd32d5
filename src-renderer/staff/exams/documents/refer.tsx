/** Referring: whom, how soon, why, and a letter that begins with the findings and ends as its writer wants it. */
import { useState } from "react";
import { type Urgency, urgencies } from "../../../../src-shared/exams/kinds.ts";
import { type Output, useAct, useLive } from "../../../api/index.ts";
import { addTexts, Button, Callout, Checkbox, Dialog, go, notify, Select, TextInput, useT } from "../../../ui/index.ts";
import { Begun, type BegunTexts } from "../begun.tsx";
import { enGB as record } from "../record-en-GB.ts";
import { enGB } from "./en-GB.ts";
import { type LetterPart, letterText, partsWith } from "./letter-text.ts";
import "./papers.css";

addTexts("papers", enGB);
addTexts("record", record);

type Basis = Output<"exams.referralBasis">;
interface Letter {
  readonly to: string;
  readonly name: string;
  readonly address: string;
  readonly urgency: Urgency;
  readonly reason: string;
  readonly include: readonly LetterPart[];
  /** What somebody typed in place of the letter made of the findings. */
  readonly typed: string | null;
  /** Whether the typed text is what counts now. */
  readonly mine: boolean;
}
export function ReferDialog({ examId, onClose }: { examId: string; onClose: () => void }) {
  const t = useT("papers");
  const { data, error } = useLive("exams.referralBasis", { examId });
  if (!data)
    return (
      <Dialog title={t("refer.title", { name: "" })} open onClose={onClose}>
        {error ? <Callout tone="stop">{error.message}</Callout> : null}
      </Dialog>
    );
  return <Begun examId={examId}>{(begun) => <Refer basis={data} begun={begun} onClose={onClose} />}</Begun>;
}

function firstDraft({ recipients, content, zone }: Basis): Letter {
  const [first] = recipients;
  const suggested = content.entries["handover.urgency"];
  return {
    to: first ? "0" : "",
    name: first?.name ?? "",
    address: first?.address ?? "",
    urgency: urgencies.find((each) => each === suggested) ?? "routine",
    reason: "",
    include: partsWith(content, zone),
    typed: null,
    mine: false,
  };
}

function Refer({ basis, begun, onClose }: { basis: Basis; begun: BegunTexts; onClose: () => void }) {
  const t = useT("papers");
  const refer = useAct("exams.refer");
  const { examId, recipients, content, zone } = basis;
  const [draft, setDraft] = useState(() => begun.get<Letter>("refer") ?? firstDraft(basis));
  const set = (more: Partial<Letter>) => {
    const next = { ...draft, ...more };
    begun.set("refer", next);
    setDraft(next);
  };
  const made = letterText(
    {
      content,
      patient: basis.patient,
      toName: draft.name,
      urgency: draft.urgency,
      reason: draft.reason,
      examinedOn: basis.examinedOn,
      branch: [basis.practice?.name, basis.branch?.name].filter(Boolean).join(", "),
      zone,
    },
    draft.include,
  );
  const letter = draft.mine && draft.typed !== null ? draft.typed : made;
  const send = () =>
    void refer
      .act({
        examId,
        toName: draft.name,
        toAddress: draft.address || null,
        urgency: draft.urgency,
        reason: draft.reason,
        letter,
      })
      .then(({ id }) => {
        begun.set("refer", null);
        notify({ tone: "done", title: t("refer.sent") });
        onClose();
        go(`/paper/${examId}?what=${id}&print=1`);
      })
      .catch(() => {});
  return (
    <Dialog
      title={t("refer.title", { name: basis.patient.name })}
      open
      onClose={onClose}
      actions={
        <>
          {draft.typed !== null ? (
            <Button variant="quiet" onClick={() => set({ mine: !draft.mine })}>
              {t(draft.mine ? "refer.anew" : "refer.mine")}
            </Button>
          ) : null}
          <span className="push" />
          <Button variant="primary" busy={refer.busy} onClick={send}>
            {t("refer.send")}
          </Button>
        </>
      }
    >
      <div className="stack">
        <div className="grid2">
          <TextInput
            label={t("refer.reason")}
            hint={t("refer.reasonHint")}
            className="wide"
            value={draft.reason}
            onChange={(reason) => set({ reason })}
            autoComplete="off"
          />
          <Select
            label={t("refer.to")}
            value={draft.to}
            onChange={(to) => {
              const chosen = recipients[Number(to)];
              set(to === "" || !chosen ? { to: "" } : { to, name: chosen.name, address: chosen.address ?? "" });
            }}
            options={[
              ...recipients.map(({ name, doctor }, index) => ({
                value: String(index),
                label: doctor ? `${t("refer.doctor")}: ${name}` : name,
              })),
              { value: "", label: t("refer.other") },
            ]}
          />
          <Select
            label={t("refer.urgency")}
            value={draft.urgency}
            onChange={(urgency) => set({ urgency: urgency as Urgency })}
            options={urgencies.map((value) => ({ value, label: t(`refer.urgencies.${value}`) }))}
          />
          <TextInput
            label={t("refer.name")}
            value={draft.name}
            onChange={(name) => set({ name, to: "" })}
            autoComplete="off"
          />
          <TextInput
            label={t("refer.address")}
            value={draft.address}
            onChange={(address) => set({ address })}
            autoComplete="off"
          />
        </div>
        <fieldset className="refer-parts">
          <legend className="label">{t("refer.include")}</legend>
          {partsWith(content, zone).map((part) => (
            <Checkbox
              key={part}
              label={t(`refer.parts.${part}`)}
              checked={draft.include.includes(part)}
              onChange={(on) =>
                set({ include: on ? [...draft.include, part] : draft.include.filter((each) => each !== part) })
              }
            />
          ))}
        </fieldset>
        <TextInput
          label={t("refer.letter")}
          value={letter}
          onChange={(typed) => set({ typed, mine: true })}
          multiline={12}
        />
        {refer.error ? <Callout tone="stop">{refer.error.message}</Callout> : null}
      </div>
    </Dialog>
  );
}
