/** The record, written while the patient waits: kept with every field, signed once, then as it is for ever. */
import { Check, Circle, Lock } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { outcomes } from "../../../src-shared/exams/record-content.ts";
import { type EyeRx, eyeColumns, rxOf } from "../../../src-shared/optics/index.ts";
import { type Output, send, toUiError, useAct, useLive } from "../../api/index.ts";
import {
  Button,
  Callout,
  Chip,
  ConfirmButton,
  ContextSection,
  Dialog,
  dateText,
  ErrorState,
  FootBar,
  go,
  instantText,
  notify,
  PageHead,
  Rx,
  Select,
  TextInput,
  translate,
  usePlace,
  useShortcuts,
  useT,
  When,
  Work,
} from "../../ui/index.ts";
import { Attachments } from "../files/index.tsx";
import { EyeFields } from "../patients/index.tsx";
import { useSession } from "../shell/session.tsx";

type Detail = Output<"exams.get">;
const sections = ["history", "refraction", "findings", "outcome"] as const;

export function ExamScreen({ id }: { id: string }) {
  const { data, error } = useLive("exams.get", { id });
  if (error) return <ErrorState error={error} />;
  if (!data) return null;
  return data.record ? <Signed data={data} /> : <Draft data={data} />;
}

function Header({ data }: { data: Detail }) {
  const t = useT("exams");
  const { patient } = data;
  if (!patient) return <PageHead title={t("title")} />;
  return (
    <PageHead
      title={`${patient.given_name} ${patient.family_name}`}
      meta={`${t("years", { count: patient.age })} · ${dateText(patient.date_of_birth)} · ${patient.number}`}
    >
      {patient.allergies ? <Chip tone="stop">{patient.allergies}</Chip> : null}
      {patient.warning ? <Chip tone="look">{patient.warning}</Chip> : null}
    </PageHead>
  );
}

function Context({ data, current }: { data: Detail; current: { r: EyeRx; l: EyeRx } }) {
  const t = useT("exams");
  const before = data.previous ? rxOf(data.previous as never) : null;
  return (
    <>
      <ContextSection title={t("now")}>
        <Rx r={current.r} l={current.l} previous={before} />
      </ContextSection>
      {before && data.previous ? (
        <ContextSection title={t("previous", { date: dateText(data.previous.issued_on) })}>
          <Rx r={before.r} l={before.l} size="s" />
        </ContextSection>
      ) : null}
      {data.patient?.notes ? (
        <ContextSection>
          <p className="t2">{data.patient.notes}</p>
        </ContextSection>
      ) : null}
    </>
  );
}

/** Keeps single fields as they are typed: text after a short rest, cells at once; never more than one behind. */
function useKept(id: string) {
  const [state, setState] = useState<{ at: number | null; error: string | null }>({ at: null, error: null });
  const waiting = useRef<Record<string, unknown>>({});
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const flush = () => {
    clearTimeout(timer.current);
    const fields = waiting.current;
    if (Object.keys(fields).length === 0) return Promise.resolve();
    waiting.current = {};
    return send("exams.patch", { id, fields: fields as never })
      .then(() => setState({ at: Date.now(), error: null }))
      .catch((error: unknown) => {
        // Nothing typed is given up: it goes along with the next field, unless that one says it anew.
        waiting.current = { ...fields, ...waiting.current };
        setState({ at: null, error: toUiError(error).message });
      });
  };
  const latest = useRef(flush);
  latest.current = flush;
  useEffect(() => () => void latest.current(), []);
  return {
    state,
    flush,
    keep(fields: Record<string, unknown>, now = false) {
      waiting.current = { ...waiting.current, ...fields };
      clearTimeout(timer.current);
      if (now) void flush();
      else timer.current = setTimeout(() => void flush(), 350);
    },
  };
}

const texts = ["reason", "history", "findings", "recommendation", "advice"] as const;
type TextField = (typeof texts)[number];

function Draft({ data }: { data: Detail }) {
  const t = useT("exams");
  const { may } = useSession();
  const { timeZone } = usePlace();
  const { exam } = data;
  const kept = useKept(exam.id);
  const sign = useAct("exams.sign");
  const discard = useAct("exams.discard");
  const [text, setText] = useState<Record<TextField, string>>(
    () => Object.fromEntries(texts.map((name) => [name, exam[name] ?? ""])) as Record<TextField, string>,
  );
  const [rx, setRx] = useState(() => rxOf(exam as never));
  const [va, setVa] = useState({ r: exam.r_va ?? "", l: exam.l_va ?? "" });
  const [outcome, setOutcome] = useState<string>(exam.outcome ?? "");
  const [recall, setRecall] = useState(exam.recall_months ? String(exam.recall_months) : "");
  const before = data.previous ? rxOf(data.previous as never) : null;
  const setEye = (side: "r" | "l", eye: EyeRx) => {
    setRx((now) => ({ ...now, [side]: eye }));
    kept.keep(eyeColumns(eye, side) as Record<string, unknown>, true);
  };
  const copy = () => setEye("l", rx.r);
  const done = {
    history: Boolean(text.reason && text.history),
    refraction: rx.r.sphere !== null && rx.l.sphere !== null,
    findings: Boolean(text.findings),
    outcome: Boolean(outcome && recall),
  };
  const gaps = sections.filter((name) => !done[name]);
  const finish = async () => {
    await kept.flush();
    await sign.act({ id: exam.id });
    notify({ tone: "done", title: t("signed") });
  };
  useShortcuts([
    { keys: "=", label: t("copy"), group: t("title"), run: copy },
    {
      keys: "Ctrl+Enter",
      label: t("sign"),
      group: t("title"),
      when: may("exams:finalize"),
      run: () => void finish().catch(() => {}),
    },
    { keys: "Escape", label: t("list"), group: t("title"), run: () => go("/exam") },
  ]);
  const write = (name: TextField) => ({
    value: text[name],
    onChange: (value: string) => {
      setText((now) => ({ ...now, [name]: value }));
      kept.keep({ [name]: value || null });
    },
    onBlur: () => void kept.flush(),
  });
  return (
    <Work
      head={<Header data={data} />}
      side={
        <nav className="outline" aria-label={t("title")}>
          {sections.map((name) => (
            <a
              key={name}
              href={`#exam-${name}`}
              onClick={(event) => {
                event.preventDefault();
                document.getElementById(`exam-${name}`)?.scrollIntoView({ block: "start" });
              }}
            >
              {done[name] ? <Check className="i s is-done" aria-hidden /> : <Circle className="i s t3" aria-hidden />}
              {t(`sections.${name}`)}
            </a>
          ))}
        </nav>
      }
      context={<Context data={data} current={rx} />}
      foot={
        <FootBar
          actions={
            may("exams:finalize") ? (
              <Button
                variant="primary"
                size="big"
                icon={Lock}
                keys="Ctrl Enter"
                busy={sign.busy}
                onClick={() => void finish().catch(() => {})}
              >
                {t("sign")}
              </Button>
            ) : undefined
          }
        >
          {gaps.length > 0 ? <Chip tone="look">{t("gaps", { count: gaps.length })}</Chip> : null}
          <span className={kept.state.error ? "is-stop" : "t2"} role="status">
            {kept.state.error
              ? t("notKept", { message: kept.state.error })
              : kept.state.at
                ? t("kept", { time: instantText(kept.state.at, timeZone, "time") })
                : t("keptAll")}
          </span>
          <ConfirmButton
            size="s"
            variant="quiet"
            title={t("discardTitle")}
            text={t("discardText")}
            confirm={t("discard")}
            onConfirm={() =>
              void discard
                .act({ id: exam.id })
                .then(() => go("/exam"))
                .catch((error: Error) => notify({ tone: "stop", title: error.message }))
            }
          >
            {t("discard")}
          </ConfirmButton>
        </FootBar>
      }
      hints={[
        { keys: "Enter", label: t("keys.next") },
        { keys: "=", label: t("keys.copy") },
        { keys: "Ctrl Enter", label: t("keys.sign") },
      ]}
    >
      {sign.error ? (
        <div className="pad">
          <Callout tone="stop">{sign.error.message}</Callout>
        </div>
      ) : null}
      <section className="exam-part" id="exam-history">
        <h2 className="section">{t("sections.history")}</h2>
        <TextInput label={t("reason")} {...write("reason")} autoFocus autoComplete="off" />
        <TextInput label={t("history")} {...write("history")} multiline={3} />
      </section>
      <section className="exam-part" id="exam-refraction">
        <div className="row g3">
          <h2 className="section">{t("sections.refraction")}</h2>
          <span className="push" />
          <Button size="s" keys="=" onClick={copy}>
            {t("copy")}
          </Button>
        </div>
        <div className="exam-eyes">
          {(["r", "l"] as const).map((side) => (
            <div key={side} className="stack">
              <EyeFields
                label={t(side === "r" ? "right" : "left")}
                eye={rx[side]}
                ghost={before?.[side] ?? null}
                onChange={(eye) => setEye(side, eye)}
              />
              <TextInput
                label={`${t("va")}, ${t(side === "r" ? "right" : "left").toLowerCase()}`}
                value={va[side]}
                onChange={(value) => {
                  setVa((now) => ({ ...now, [side]: value }));
                  kept.keep({ [`${side}_va`]: value || null });
                }}
                onBlur={() => void kept.flush()}
                autoComplete="off"
              />
            </div>
          ))}
        </div>
      </section>
      <section className="exam-part" id="exam-findings">
        <h2 className="section">{t("sections.findings")}</h2>
        <TextInput label={t("findings")} {...write("findings")} multiline={4} />
        <Imaging exam={exam} />
      </section>
      <section className="exam-part" id="exam-outcome">
        <h2 className="section">{t("sections.outcome")}</h2>
        <div className="grid2">
          <Select
            label={t("outcome")}
            value={outcome}
            onChange={(value) => {
              setOutcome(value);
              kept.keep({ outcome: value || null }, true);
            }}
            options={[
              { value: "", label: t("choose") },
              ...outcomes.map((value) => ({ value, label: translate("today", `outcome.${value}`) })),
            ]}
          />
          <TextInput
            label={t("recall")}
            value={recall}
            inputMode="numeric"
            autoComplete="off"
            onChange={(value) => {
              setRecall(value);
              const months = Number(value);
              if (value === "" || (Number.isInteger(months) && months > 0 && months <= 120))
                kept.keep({ recall_months: value === "" ? null : months });
            }}
            onBlur={() => void kept.flush()}
          />
          <TextInput label={t("recommendation")} {...write("recommendation")} autoComplete="off" />
          <TextInput label={t("advice")} {...write("advice")} autoComplete="off" />
        </div>
      </section>
    </Work>
  );
}

/** Fields and imaging: what instruments made, beside the exam. */
function Imaging({ exam }: { exam: { id: string; patient_id: string } }) {
  const t = useT("exams");
  return (
    <>
      <h3 className="label">{t("imaging")}</h3>
      <Attachments
        subject={{ entity: "exam", id: exam.id }}
        patientId={exam.patient_id}
        kinds={["fundus", "oct", "visual_field", "photograph", "document"]}
      />
    </>
  );
}

function Signed({ data }: { data: Detail }) {
  const t = useT("exams");
  const { may } = useSession();
  const [amending, setAmending] = useState(false);
  const record = data.record as NonNullable<Detail["record"]>;
  const content = record.content;
  const rx = rxOf(content as never);
  const fact = (name: string) => (content[name] === null || content[name] === undefined ? "–" : String(content[name]));
  useShortcuts([{ keys: "Escape", label: t("list"), group: t("title"), run: () => go("/exam") }]);
  return (
    <Work
      head={<Header data={data} />}
      context={<Context data={data} current={rx} />}
      foot={
        <FootBar
          actions={may("exams:finalize") ? <Button onClick={() => setAmending(true)}>{t("amend")}</Button> : undefined}
        >
          <Chip icon={Lock}>{t("signedBy", { name: record.signedBy })}</Chip>
          <span className="t2">
            <When at={record.signedAt} /> · {record.final ? t("final") : t("provisional")}
          </span>
        </FootBar>
      }
    >
      <div className="pad stack">
        <Rx r={rx.r} l={rx.l} full />
        <dl className="kv record">
          {(
            ["reason", "history", "r_va", "l_va", "findings", "recall_months", "recommendation", "advice"] as const
          ).map((name) => (
            <div key={name} className="typed">
              <dt>
                {name === "r_va"
                  ? `${t("va")} R`
                  : name === "l_va"
                    ? `${t("va")} L`
                    : name === "recall_months"
                      ? t("recall")
                      : t(name)}
              </dt>
              <dd>{fact(name)}</dd>
            </div>
          ))}
          <dt>{t("outcome")}</dt>
          <dd>{translate("today", `outcome.${fact("outcome")}`)}</dd>
        </dl>
        {data.amendments.length > 0 ? (
          <section className="stack">
            <h2 className="section">{t("amendments")}</h2>
            {data.amendments.map((amendment) => (
              <Callout
                key={amendment.id}
                tone={amendment.state === "amendment" ? "info" : "look"}
                title={`${t(`state.${amendment.state}`)}, ${amendment.author}`}
              >
                <p>{amendment.reason}</p>
                <p className="t2">{amendment.content}</p>
              </Callout>
            ))}
          </section>
        ) : null}
        <Imaging exam={data.exam} />
      </div>
      {amending ? <Amend id={data.exam.id} onClose={() => setAmending(false)} /> : null}
    </Work>
  );
}

function Amend({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useT("exams");
  const amend = useAct("exams.amend");
  const [reason, setReason] = useState("");
  const [content, setContent] = useState("");
  return (
    <Dialog
      title={t("amend")}
      open
      onClose={onClose}
      actions={
        <Button
          variant="primary"
          busy={amend.busy}
          onClick={() =>
            void amend
              .act({ id, reason, content })
              .then(onClose)
              .catch(() => {})
          }
        >
          {t("amendDo")}
        </Button>
      }
    >
      <div className="stack">
        <TextInput label={t("amendReason")} value={reason} onChange={setReason} autoFocus />
        <TextInput label={t("amendText")} value={content} onChange={setContent} multiline={5} />
        {amend.error ? <Callout tone="stop">{amend.error.message}</Callout> : null}
      </div>
    </Dialog>
  );
}
