/** The signed exam: as it is for ever, with what was said about it afterwards. */
import { Lock } from "lucide-react";
import { useState } from "react";
import { type EyeRx, rxOf } from "../../../src-shared/optics/index.ts";
import { type Output, useAct } from "../../api/index.ts";
import {
  Button,
  Callout,
  Chip,
  ContextSection,
  Dialog,
  dateText,
  FootBar,
  go,
  PageHead,
  Rx,
  TextInput,
  translate,
  useShortcuts,
  useT,
  When,
  Work,
} from "../../ui/index.ts";
import { useSession } from "../shell/session.tsx";

type Detail = Output<"exams.get">;

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

export function Signed({ data }: { data: Detail }) {
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
