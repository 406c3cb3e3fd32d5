/** Happenings newest first: by month in this year, by year before. */
import { CalendarRange } from "lucide-react";
import { useCallback, useMemo } from "react";
import { Chip, EmptyState, go, instantText, LockNote, Money, usePlace, useT, VirtualList } from "../../ui/index.ts";
import type { Entry } from "./entry.ts";

type Row =
  | { readonly kind: "group"; readonly key: string; readonly text: string }
  | { readonly kind: "entry"; readonly entry: Entry };

/** Dates in the branch's time zone; a formatter is slow to make and quick to use. */
function formatters(timeZone: string) {
  const make = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat("en-GB", { ...options, timeZone });
  return {
    year: make({ year: "numeric" }),
    month: make({ month: "long", year: "numeric" }),
    day: make({ weekday: "short", day: "numeric" }),
    date: make({ day: "numeric", month: "short" }),
    time: make({ hour: "2-digit", minute: "2-digit" }),
  };
}
type Formatters = ReturnType<typeof formatters>;

function grouped(entries: readonly Entry[], format: Formatters, now: number): Row[] {
  const thisYear = format.year.format(now);
  const rows: Row[] = [];
  let group = "";
  for (const entry of entries) {
    const year = format.year.format(entry.at);
    const text = year === thisYear ? format.month.format(entry.at) : year;
    if (text !== group) rows.push({ kind: "group", key: `group ${text}`, text });
    group = text;
    rows.push({ kind: "entry", entry });
  }
  return rows;
}

const keyOf = (row: Row) => (row.kind === "group" ? row.key : row.entry.id);
const estimate = (row: Row) => (row.kind === "group" ? 30 : row.entry.quote ? 90 : 59);
const choosable = (row: Row) => row.kind === "entry";
const openRow = (row: Row) => {
  if (row.kind === "entry" && row.entry.link) go(row.entry.link);
};

export function Timeline({ label, entries, hint }: { label: string; entries: readonly Entry[]; hint: string }) {
  const t = useT("patients");
  const { timeZone } = usePlace();
  const format = useMemo(() => formatters(timeZone), [timeZone]);
  const rows = useMemo(() => grouped(entries, format, Date.now()), [entries, format]);
  const render = useCallback((row: Row) => <TimelineRow row={row} format={format} />, [format]);
  if (entries.length === 0) {
    return (
      <EmptyState icon={CalendarRange} title={t("empty")}>
        {hint}
      </EmptyState>
    );
  }
  return (
    <VirtualList
      label={label}
      items={rows}
      keyOf={keyOf}
      estimate={estimate}
      choosable={choosable}
      open={openRow}
      render={render}
      words={{ next: t("nextEntry"), previous: t("previousEntry"), open: t("openEntry"), group: t("title") }}
    />
  );
}

function TimelineRow({ row, format }: { row: Row; format: Formatters }) {
  const { timeZone } = usePlace();
  const t = useT("patients");
  if (row.kind === "group") return <h2 className="tl-group">{row.text}</h2>;
  const { entry } = row;
  const thisYear = format.year.format(entry.at) === format.year.format(Date.now());
  return (
    <div className="tl-row">
      <time className="d" dateTime={new Date(entry.at).toISOString()} title={instantText(entry.at, timeZone, "exact")}>
        {(thisYear ? format.day : format.date).format(entry.at)}
        {entry.dayOnly ? null : <span className="t3 block">{format.time.format(entry.at)}</span>}
      </time>
      <span className="ico">
        <entry.icon className="i s" aria-hidden />
      </span>
      <div className="what">
        <p>
          {entry.link ? (
            <a href={`#${entry.link}`}>
              <b>{entry.title}</b>
            </a>
          ) : (
            <b>{entry.title}</b>
          )}
        </p>
        {entry.text ? <p className="t2">{entry.text}</p> : null}
        {entry.quote ? <p className="t2 quote">{entry.quote}</p> : null}
      </div>
      <div className="r">
        {entry.amount === undefined ? null : (
          <b>
            <Money minor={entry.amount} />
          </b>
        )}
        {entry.chip ? <Chip tone={entry.chip.tone}>{entry.chip.text}</Chip> : null}
        {entry.locked ? <LockNote>{t("signed")}</LockNote> : null}
      </div>
    </div>
  );
}
