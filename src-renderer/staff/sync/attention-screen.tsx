/** Needs attention: everything that waits for a person, as a list with one card in full beside it. */
import { AlertTriangle, CheckCheck, CircleX, Info } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useLive } from "../../api/index.ts";
import {
  EmptyState,
  go,
  Hints,
  PageHead,
  relative,
  Segmented,
  Select,
  useParam,
  useShortcuts,
  useT,
  Work,
} from "../../ui/index.ts";
import { actionKeys } from "./attention-actions.tsx";
import { CardDetail } from "./attention-detail.tsx";
import type { Card } from "./fields.ts";
import { authors, cardSubject, cardTitle, toneOf } from "./words.ts";
import "./attention.css";

const filters = {
  all: () => true,
  returned: ({ kind }: Card) => kind === "rejected" || kind === "handed_over",
  held: ({ kind }: Card) => kind === "held" || kind === "review",
  conflicts: ({ kind }: Card) => kind === "conflict",
  others: ({ kind }: Card) => ["late", "task", "reaction_failed", "unknown"].includes(kind),
} as const;
type Filter = keyof typeof filters;

/** A card's address: its id is of hex digits and colons. */
const pathOf = ({ id }: Card) => `/attention/${encodeURIComponent(id)}`;

export default function AttentionScreen() {
  const t = useT("sync");
  const { data } = useLive("sync.attention");
  const cards = data ?? [];
  const [filter, setFilter] = useState<Filter>("all");
  const [person, setPerson] = useState("");
  const asked = useParam();
  const people = [...new Map(cards.flatMap(({ whoId, who }) => (whoId && who ? [[whoId, who] as const] : [])))];
  const shown = cards.filter((card) => filters[filter](card) && (person === "" || card.whoId === person));
  const selected = shown.find(({ id }) => id === decodeURIComponent(asked ?? "")) ?? shown[0];
  const index = selected ? shown.indexOf(selected) : -1;
  const step = (by: number) => {
    const card = shown[Math.max(0, Math.min(shown.length - 1, index + by))];
    if (card) go(pathOf(card));
  };
  useShortcuts([
    { keys: "J", label: t("keys.next"), group: t("needs"), run: () => step(1) },
    { keys: "K", label: t("keys.previous"), group: t("needs"), run: () => step(-1) },
    { keys: "ArrowDown", label: t("keys.next"), group: t("needs"), run: () => step(1) },
    { keys: "ArrowUp", label: t("keys.previous"), group: t("needs"), run: () => step(-1) },
  ]);
  if (!data) return null;
  if (cards.length === 0) {
    return (
      <Work head={<PageHead title={t("needs")} />}>
        <EmptyState icon={CheckCheck} title={t("needsNone")}>
          {t("needsNoneText")}
        </EmptyState>
      </Work>
    );
  }
  return (
    <div className="screen">
      <div className="att">
        <div className="att-list">
          <div className="att-head">
            <h1 className="title">{t("needs")}</h1>
            <Segmented
              label={t("filter")}
              value={filter}
              onChange={(value) => setFilter(value as Filter)}
              options={(Object.keys(filters) as Filter[])
                .map((value) => ({
                  value,
                  label: t(`filters.${value}`),
                  count: cards.filter(filters[value]).length,
                }))
                .filter(({ value, count }) => value === "all" || value === filter || count > 0)}
            />
            {people.length > 1 ? (
              <Select
                label={t("person")}
                hideLabel
                value={person}
                options={[{ value: "", label: t("everybody") }, ...people.map(([value, label]) => ({ value, label }))]}
                onChange={setPerson}
              />
            ) : null}
          </div>
          <ul>
            {shown.map((card) => (
              <li key={card.id}>
                <Item card={card} selected={card === selected} />
              </li>
            ))}
          </ul>
        </div>
        {selected ? (
          <CardDetail key={selected.id} card={selected} />
        ) : (
          <EmptyState title={t("noneHere")}>{t("noneHereText")}</EmptyState>
        )}
      </div>
      <div className="keys">
        <Hints items={[{ keys: "J K", label: t("keys.both") }, ...hintsOf(t, selected)]} />
      </div>
    </div>
  );
}

function hintsOf(t: ReturnType<typeof useT>, card: Card | undefined) {
  return (card?.actions ?? []).flatMap((action) => {
    const keys = actionKeys[action];
    return keys ? [{ keys, label: t(`act.${action}`) }] : [];
  });
}

const icons = { stop: CircleX, look: AlertTriangle, info: Info } as const;

/** A card in a list; it opens in full. */
export function Item({ card, selected = false, onOpen }: { card: Card; selected?: boolean; onOpen?: () => void }) {
  const t = useT("sync");
  const tone = toneOf(card);
  const Icon = icons[tone];
  const ref = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (selected) ref.current?.scrollIntoView({ block: "nearest" });
  }, [selected]);
  return (
    <button
      ref={ref}
      type="button"
      className="att-item"
      aria-pressed={selected}
      onClick={() => {
        go(pathOf(card));
        onOpen?.();
      }}
    >
      <Icon className={`i is-${tone}`} aria-hidden />
      <span className="grow">
        <span className="row g2">
          <b className="clip">{cardTitle(t, card)}</b>
          <span className="push small t3 nowrap">{card.at ? relative(card.at) : ""}</span>
        </span>
        <span className="block clip">
          {t(`kinds.${card.kind}`)}
          {card.about ? <span className="t2">: {cardSubject(t, card)}</span> : null}
        </span>
        <span className="row g2 small t2">
          <span className="clip">{authors(card)}</span>
          <span className="push t3 nowrap">
            {card.following.length > 0
              ? t("andMore", { count: card.following.length })
              : card.actions.length === 0
                ? t(`waitsFor.${card.decides}`)
                : ""}
          </span>
        </span>
      </span>
    </button>
  );
}
