import { AlertTriangle, CircleX } from "lucide-react";
import { useState } from "react";
import { type Output, useAct } from "../../api/index.ts";
import { Button, Callout, TextInput, useT, When } from "../../ui/index.ts";

type Card = Output<"sync.panel">["attention"][number];

/** What needs a person: what was typed, why it waits, who can decide. */
export function AttentionList({ cards }: { cards: readonly Card[] }) {
  return (
    <ul className="stack attention">
      {cards.map((card) => (
        <li key={card.id}>
          <AttentionCard card={card} />
        </li>
      ))}
    </ul>
  );
}

function AttentionCard({ card }: { card: Card }) {
  const t = useT("sync");
  const decide = useAct("sync.decide");
  const [reason, setReason] = useState("");
  const stop = card.kind === "rejected";
  const Icon = stop ? CircleX : AlertTriangle;
  const act = (action: (typeof card.actions)[number]) =>
    void decide.act({ id: card.id, action, ...(reason ? { reason } : {}) }).catch(() => {});
  const label = (name: string) =>
    name === "kept" ? t("inUse") : name === "lost" ? t("other") : name.split(".").pop()?.replaceAll("_", " ");
  return (
    <div className={`callout ${stop ? "stop" : "look"}`}>
      <Icon className="i" aria-hidden />
      <div className="grow stack">
        <div className="row g2">
          <b>{t(`kind.${card.command.split(".")[0]}`)}</b>
          <span className="small t2 push">
            {card.who ? `${card.who}, ` : ""}
            <When at={card.at} />
          </span>
        </div>
        <p>{t(`codes.${card.code}`)}</p>
        {card.typed.length > 0 ? (
          <dl className="kv small">
            {card.typed.slice(0, 8).map(({ label: name, value }) => (
              <div key={name + value} className="typed">
                <dt>{label(name)}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        ) : null}
        {card.actions.includes("discard") ? (
          <TextInput label={t("reason")} value={reason} onChange={setReason} />
        ) : null}
        {decide.error ? <Callout tone="stop">{decide.error.message}</Callout> : null}
        <div className="row g2">
          {card.actions.map((action) => (
            <Button
              key={action}
              size="s"
              variant={action === "discard" ? "danger" : "default"}
              onClick={() => act(action)}
              busy={decide.busy}
            >
              {t(action)}
            </Button>
          ))}
        </div>
      </div>
    </div>
  );
}
