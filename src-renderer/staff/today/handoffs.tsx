/** What the exam rooms hand over: everything the dispenser has to know, as long as nobody has taken it. */
import { Accessibility, AlertTriangle, Ban, Clock, Glasses, ShieldAlert } from "lucide-react";
import { useRef, useState } from "react";
import { type Ageing, ageing, inHours, minutesBetween, type Patience } from "../../../src-shared/scheduling/waiting.ts";
import { type Output, send, useLive } from "../../api/index.ts";
import {
  Button,
  Callout,
  Chip,
  dateText,
  EmptyState,
  go,
  notify,
  Select,
  type Tone,
  translate,
  useNow,
  useShortcuts,
  useT,
} from "../../ui/index.ts";
import { type AlertKind, alertKinds, announceHandoff, chooseAlert, chosenAlert } from "./alert.ts";
import "./handoffs.css";

type Handoff = Output<"dispensing.handoffs">["handoffs"][number];
const tones: Readonly<Record<Ageing, Tone | undefined>> = { calm: undefined, look: "look", late: "stop" };

export function Handoffs({ canDispense }: { canDispense: boolean }) {
  const t = useT("today");
  const { data } = useLive("dispensing.handoffs");
  const now = useNow();
  const first = data?.handoffs.find(({ card }) => card?.doNotDispense !== true);
  const settled = useRef<string[]>([]);
  const trouble = (error: Error) => notify({ tone: "look", title: error.message });
  const settle = (row: Handoff) =>
    void send("dispensing.settleHandoff", { id: row.id })
      .then(() => {
        settled.current.push(row.id);
        notify({ tone: "done", title: t("tookOff", { name: `${row.given_name} ${row.family_name}` }) });
      })
      .catch(trouble);
  const undo = () => {
    const id = settled.current.pop();
    if (id) void send("dispensing.reopenHandoff", { id }).catch(trouble);
  };
  const dispense = (row: Handoff | undefined) => row && go(`/till/${row.patient_id}?handoff=${row.id}`);
  useShortcuts([
    {
      keys: "H",
      label: t("dispense"),
      group: t("title"),
      when: canDispense && first !== undefined,
      run: () => dispense(first),
    },
    { keys: "Ctrl+Z", label: t("undo"), group: t("title"), when: canDispense, run: undo },
  ]);
  if (!data) return null;
  return (
    <section className="today-part">
      <div className="row g3 pad">
        <h2 className="section">{t("handoffs")}</h2>
        <span className="push" />
        {canDispense ? <AlertChoice /> : null}
      </div>
      {data.handoffs.length === 0 ? (
        <EmptyState icon={Glasses} title={t("noHandoffs")}>
          {t("noHandoffsText")}
        </EmptyState>
      ) : (
        <ul className="handoffs">
          {data.handoffs.map((row) => (
            <Card
              key={row.id}
              row={row}
              now={now}
              patience={data.patience}
              keys={row === first ? "H" : undefined}
              onDispense={canDispense ? () => dispense(row) : undefined}
              onSettle={() => settle(row)}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

function AlertChoice() {
  const t = useT("today");
  const [kind, setKind] = useState<AlertKind>(chosenAlert);
  return (
    <span className="row g2">
      <span className="small t3">{t("alert.label")}</span>
      <Select
        hideLabel
        label={t("alert.label")}
        value={kind}
        options={alertKinds.map((value) => ({ value, label: t(`alert.${value}`) }))}
        onChange={(value) => {
          const next = alertKinds.find((each) => each === value) ?? "quiet";
          chooseAlert(next);
          setKind(next);
          // So that it is known what was chosen.
          announceHandoff(next);
        }}
      />
    </span>
  );
}

function Card({
  row,
  now,
  patience,
  keys,
  onDispense,
  onSettle,
}: {
  row: Handoff;
  now: number;
  patience: Patience;
  keys: string | undefined;
  onDispense: (() => void) | undefined;
  onSettle: () => void;
}) {
  const t = useT("today");
  const minutes = minutesBetween(row.raised_at, now);
  const age = ageing(minutes, patience);
  const name = `${row.given_name} ${row.family_name}`;
  const { card } = row;
  return (
    <li className={`handoff ${age}`} aria-label={name}>
      <div className="row g2 top">
        <div className="grow">
          <a className="name" href={`#/patients/${row.patient_id}`}>
            {name}
          </a>
          <p className="small t3 tab">
            {dateText(row.date_of_birth)} · {t("age", { age: row.age })} · {t("from", { name: row.from ?? "" })}
          </p>
        </div>
        <Chip tone={tones[age]} icon={age === "late" ? AlertTriangle : Clock}>
          {minutes < 60 ? t("waiting", { minutes }) : t("waitingHours", inHours(minutes))}
        </Chip>
      </div>
      <p className="row g2 wrap">
        <Chip>{t(`outcome.${row.outcome}`)}</Chip>
        {row.urgency && row.urgency !== "routine" ? (
          <Chip tone={row.urgency === "soon" ? "look" : "stop"} icon={AlertTriangle}>
            {t(`urgency.${row.urgency}`)}
          </Chip>
        ) : null}
        {card?.restricted ? (
          <Chip tone="info" icon={ShieldAlert}>
            {t(`restricted.${card.restricted}`)}
          </Chip>
        ) : null}
      </p>
      {card?.doNotDispense ? (
        <Callout tone="stop" title={t("card.doNotDispense")}>
          <p>{t("card.doNotDispenseText")}</p>
        </Callout>
      ) : null}
      {row.recommendation ? <p className="advice">{row.recommendation}</p> : null}
      <CardContent row={row} />
      {onDispense ? (
        <footer>
          {card?.doNotDispense ? (
            <span className="is-stop row g1">
              <Ban className="i s" aria-hidden /> {t("card.doNotDispense")}
            </span>
          ) : (
            <Button variant="primary" {...(keys ? { keys } : {})} onClick={onDispense}>
              {t("dispense")}
            </Button>
          )}
          <Button variant="quiet" onClick={onSettle}>
            {t("notNow")}
          </Button>
        </footer>
      ) : null}
    </li>
  );
}

/** Words for what was ticked; a practice's own words are shown as they are. */
const words = (list: string, key: string) => translate("today", `${list}.${key}`, { defaultValue: key });

function CardContent({ row }: { row: Handoff }) {
  const t = useT("today");
  const { card } = row;
  const cautions = [card?.cautions, row.allergies ? t("card.allergies", { text: row.allergies }) : null, row.warning]
    .filter(Boolean)
    .join(" · ");
  const lines = [
    { key: "lenses", chips: card?.lensTypes.map((each) => words("lensTypes", each)) ?? [], text: null },
    {
      key: "coatings",
      chips: card?.coatings.map((each) => words("coatingNames", each)) ?? [],
      text: card?.coatingReasons ? `${t("card.because")}: ${card.coatingReasons}` : null,
    },
    { key: "tasks", chips: [], text: card?.tasks ?? null },
    { key: "collector", chips: [], text: card?.collector ?? null },
  ].filter(({ chips, text }) => chips.length > 0 || text);
  if (lines.length === 0 && !cautions && !row.needs) return null;
  return (
    <dl>
      {row.needs ? (
        <>
          <dt>{t("card.needs")}</dt>
          <dd className="mind">
            <Accessibility className="i s" aria-hidden />
            <b>{row.needs}</b>
          </dd>
        </>
      ) : null}
      {cautions ? (
        <>
          <dt>{t("card.cautions")}</dt>
          <dd className="mind is-look">
            <AlertTriangle className="i s" aria-hidden />
            <span>{cautions}</span>
          </dd>
        </>
      ) : null}
      {lines.map(({ key, chips, text }) => (
        <Line key={key} label={t(`card.${key}`)} chips={chips} text={text} />
      ))}
    </dl>
  );
}

function Line({ label, chips, text }: { label: string; chips: readonly string[]; text: string | null }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>
        {chips.map((chip) => (
          <Chip key={chip} tone="accent">
            {chip}
          </Chip>
        ))}
        {text}
      </dd>
    </>
  );
}
