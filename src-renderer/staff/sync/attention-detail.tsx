/** One card in full: what happened, what was typed, where it is, who decides. */
import { ArrowRight, MonitorSmartphone, ShieldCheck } from "lucide-react";
import { findPermission } from "../../../src-shared/access/catalogue.ts";
import { localDate } from "../../../src-shared/calendar/index.ts";
import { formatMoney } from "../../../src-shared/money/money.ts";
import { Button, Callout, Chip, go, instantText, usePlace, useT, When } from "../../ui/index.ts";
import { CardActions } from "./attention-actions.tsx";
import { TypedValues } from "./attention-values.tsx";
import { type Card, fieldLabel, valueText } from "./fields.ts";
import { authors, cardSubject, cardTitle, commandWords, toneOf } from "./words.ts";

const screens: Readonly<Record<string, string>> = {
  patient: "patients",
  sale: "till/receipt",
  job: "lab",
  case_file: "cases",
};

export function CardDetail({ card }: { card: Card }) {
  const t = useT("sync");
  const { about } = card;
  const screen = about?.here ? screens[about.entity] : undefined;
  const tells = card.conflict || card.typed.length > 0 || card.following.length > 0;
  return (
    <article className="att-detail" aria-label={cardTitle(t, card)}>
      <header>
        <div className="row g3">
          <h2 className="title clip">{cardTitle(t, card)}</h2>
          <Chip tone={toneOf(card)}>{t(`kinds.${card.kind}`)}</Chip>
          {card.conflict?.safety ? <Chip tone="stop">{t("safety")}</Chip> : null}
          <span className="push" />
          {typeof card.args.begins === "number" && card.code === "double_booked" ? (
            <OpenDay at={card.args.begins} />
          ) : null}
          {about && screen ? (
            <Button size="s" variant="quiet" icon={ArrowRight} onClick={() => go(`/${screen}/${about.id}`)}>
              {t("open")}
            </Button>
          ) : null}
        </div>
        <p className="t2">
          {[cardSubject(t, card), authors(card), card.device].filter(Boolean).join(" · ")}
          {card.at ? " · " : ""}
          {card.at ? <When at={card.at} /> : null}
        </p>
      </header>
      <div className="att-body">
        <div className="att-part">
          <Why card={card} />
        </div>
        {tells ? (
          <div className="att-part">
            {card.conflict ? <ConflictValues card={card} /> : null}
            {card.typed.length > 0 ? (
              <section>
                <h3 className="section">{t(card.kind === "late" ? "whatWasDone" : "whatWasTyped")}</h3>
                <TypedValues typed={card.typed} />
              </section>
            ) : null}
            {card.following.length > 0 ? <Following card={card} /> : null}
          </div>
        ) : null}
      </div>
      <footer>
        <p className="t2 grow">{t(`decides.${card.decides}`, { name: card.who ?? t("somebody") })}</p>
        <CardActions key={card.id} card={card} />
      </footer>
    </article>
  );
}

/** The day in the diary on which two bookings are in each other's way. */
function OpenDay({ at }: { at: number }) {
  const t = useT("sync");
  const { timeZone } = usePlace();
  return (
    <Button size="s" icon={ArrowRight} onClick={() => go(`/diary/day?date=${localDate(at, timeZone)}`)}>
      {t("openDiary")}
    </Button>
  );
}

/** Why it stands here, what the way out is, and what a colleague said about it. */
function Why({ card }: { card: Card }) {
  const t = useT("sync");
  const { place, args } = card;
  const permission =
    typeof args.permission === "string" ? args.permission : (args.permissions as string[] | undefined)?.[0];
  const code = card.kind === "reaction_failed" ? "reaction_failed" : card.code;
  const { timeZone, currency } = usePlace();
  const otherTime = typeof args.otherAt === "number" ? instantText(args.otherAt, timeZone, "exact") : "";
  const amount = typeof args.amount === "number" ? formatMoney(args.amount, currency) : "";
  const names = {
    ...args,
    amount,
    who: card.who ?? t("somebody"),
    otherName: args.otherName ?? t("somebody"),
    otherTime,
  };
  const safe = t(`safe.${card.kind}`, { defaultValue: "" });
  const says = (key: string) => (place.note ? t(key, { name: place.by ?? t("somebody"), note: place.note }) : null);
  return (
    <>
      <Callout tone={toneOf(card)} title={t(`codes.${code}.what`, { ...names, defaultValue: t("codes.other.what") })}>
        {permission ? <p>{t("rightIs", { right: findPermission(permission)?.label ?? permission })}</p> : null}
        <p>
          {card.kind === "handed_over"
            ? t("handedWay")
            : t(`codes.${code}.way`, { ...names, defaultValue: t("codes.other.way") })}
        </p>
        {card.conflict?.safety ? <p>{t("safetyWay")}</p> : null}
        {card.code === "DECLINED" ? (
          <p>{t("declinedBy", { name: String(args.byName ?? t("somebody")), note: String(args.note ?? "") })}</p>
        ) : null}
      </Callout>
      {safe ? (
        <p className="row top g2 t2 att-safe">
          <ShieldCheck className="i s" aria-hidden />
          <span className="grow">{safe}</span>
        </p>
      ) : null}
      {card.kind === "review" && card.typed.length === 0 ? <p className="t2">{t("notYours", names)}</p> : null}
      {place.at === "manager" ? <Callout tone="info">{says("atManagerNote") ?? t("atManager")}</Callout> : null}
      {place.at === "back" ? <Callout tone="look">{says("givenBack")}</Callout> : null}
      {place.at === "centre" && args.decision ? <Callout tone="info">{t("decidedComing")}</Callout> : null}
      {card.kind === "handed_over" && place.note ? <Callout tone="info">{says("handedNote")}</Callout> : null}
      {card.kind === "handed_over" && args.missing ? <Callout tone="look">{t("partsMissing")}</Callout> : null}
      {card.kind === "late" && args.note ? (
        <Callout tone="info">{t("followed", { note: String(args.note) })}</Callout>
      ) : null}
      {args.error ? (
        <details className="small">
          <summary>{t("forSupport")}</summary>
          <p className="t3">{String(args.error)}</p>
        </details>
      ) : null}
    </>
  );
}

function ConflictValues({ card: { conflict } }: { card: Card }) {
  const t = useT("sync");
  const place = usePlace();
  if (!conflict) return null;
  const sides = [
    { key: "kept", value: conflict.kept, by: conflict.keptBy, used: !conflict.changedSince },
    { key: "lost", value: conflict.lost, by: conflict.lostBy, used: false },
  ];
  return (
    <section>
      <h3 className="section">{fieldLabel(conflict.entity, conflict.field)}</h3>
      <div className="sides">
        {sides.map(({ key, value, by, used }) => (
          <div key={key} className={used ? "side used" : "side"}>
            <div className="row g2 head">
              <span className="label">{t(`sides.${key}`)}</span>
              {used ? <Chip tone="done">{t("inUse")}</Chip> : null}
            </div>
            <p className="value">{valueText(conflict, value, place)}</p>
            <p className="small t2">
              {by?.name ?? t("somebody")}
              {by ? (
                <>
                  , <When at={by.at} />
                </>
              ) : null}
            </p>
            {by?.device ? (
              <p className="small t3 row g1">
                <MonitorSmartphone className="i s" aria-hidden />
                {by.device}
              </p>
            ) : null}
          </div>
        ))}
      </div>
      {conflict.changedSince ? (
        <Callout tone="look">{t("changedSince", { value: valueText(conflict, conflict.now, place) })}</Callout>
      ) : null}
      {conflict.clockSuspect ? <Callout tone="look">{t("clockSuspect")}</Callout> : null}
    </section>
  );
}

function Following({ card }: { card: Card }) {
  const t = useT("sync");
  const { following } = card;
  return (
    <section>
      <h3 className="section">{t("following", { count: following.length })}</h3>
      {following.map((member) => (
        <details key={member.group} open={following.length < 4}>
          <summary>{commandWords(t, member)}</summary>
          <TypedValues typed={member.typed} />
        </details>
      ))}
    </section>
  );
}
