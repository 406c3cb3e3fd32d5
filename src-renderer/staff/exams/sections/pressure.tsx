/** Readings of pressure: each with its method and time, both eyes in a line; repeated ones and what they say together. */
import { AlertTriangle, X } from "lucide-react";
import { useMemo, useState } from "react";
import { instantOf, localDate, localTime, minutesOf } from "../../../../src-shared/calendar/index.ts";
import type { FieldShape } from "../../../../src-shared/exams/field.ts";
import { type PressureMethod, pressureMethods } from "../../../../src-shared/exams/items.ts";
import { meanOf, type PressureReading, pressureFindings } from "../../../../src-shared/exams/pressure.ts";
import { useLimits, usePlace, useT } from "../../../ui/index.ts";
import { BareCell } from "../fields/bare-cell.tsx";
import { EyeHeads } from "../fields/field-row.tsx";
import { useItemActs } from "../items.ts";
import { type Item, type LastVisit, useItems, useOpened } from "../opened.ts";
import { wordOf } from "../words.ts";

const method: FieldShape = { kind: "choice", options: pressureMethods };
const pressure: FieldShape = { kind: "number", unit: "mmHg", min: 0, max: 800, scale: 10, quantity: "iop" };
const nothing = { method: null, at: null };
const clock: FieldShape = { kind: "text", max: 5 };

type Reading = PressureReading & { readonly id: string };
interface Row {
  readonly method: PressureMethod;
  readonly at: number;
  readonly r: Reading | null;
  readonly l: Reading | null;
}
function readingsOf(items: readonly Item[]): readonly Reading[] {
  return items.map(({ id, data }) => ({ id, ...(data as unknown as PressureReading) }));
}
/** Readings of one method and moment stand in a line, in the order in which they were taken. */
function rowsOf(readings: readonly Reading[]): readonly Row[] {
  const groups = Map.groupBy(readings, (reading) => `${reading.at} ${reading.method}`);
  return [...groups.values()]
    .map((group) => ({
      method: (group[0] as Reading).method,
      at: (group[0] as Reading).at,
      r: group.find(({ eye }) => eye === "r") ?? null,
      l: group.find(({ eye }) => eye === "l") ?? null,
    }))
    .sort((a, b) => a.at - b.at);
}
export function meansOfLast(last: LastVisit | null): { r: number | null; l: number | null } | null {
  if (!last) return null;
  const readings = last.pressure as unknown as readonly PressureReading[];
  return { r: meanOf(readings, "r"), l: meanOf(readings, "l") };
}

const shown = (tenths: number | null) => (tenths === null ? "" : String(Math.round(tenths) / 10));

export function PressureReadings() {
  const t = useT("exams");
  const { last } = useOpened();
  const { timeZone } = usePlace();
  const items = useItems("pressure");
  const rows = useMemo(() => rowsOf(readingsOf(items)), [items]);
  const acts = useItemActs();
  const before = meansOfLast(last);
  const usual = (last?.pressure.at(-1)?.method ?? null) as PressureMethod | null;
  const [begun, setNext] = useState<{ method: PressureMethod | null; at: number | null }>(nothing);
  // What was begun below is a line of its own once it has come back as a reading.
  const next = rows.some(({ at }) => at === begun.at) ? nothing : begun;
  const newMethod = next.method ?? rows.at(-1)?.method ?? usual;
  const readings = readingsOf(items);
  const repeated = rows.length > 1;
  const time = (at: number) => localTime(at, timeZone);
  /** A time of the day on which the other was; null for what is none. */
  const timeOf = (text: string, near: number): number | null => {
    const [, hours, minutes] = /^(\d{1,2})[:.h ]?(\d{2})$/.exec(text.trim()) ?? [];
    const wall = hours && minutes ? `${hours.padStart(2, "0")}:${minutes}` : "";
    return minutesOf(wall) === null ? null : instantOf(localDate(near, timeZone), wall, timeZone) + (near % 60_000);
  };
  const readTime = (near: number) => (text: string) => {
    const at = timeOf(text, near);
    return at === null ? { ok: false as const, message: t("pressure.time_needed") } : { ok: true as const, value: at };
  };
  const set = (row: Row, eye: "r" | "l", value: unknown) => {
    const reading = row[eye];
    if (value === null) void (reading && acts.remove([reading.id]).catch(() => {}));
    else if (reading) void acts.change(reading.id, { value }).catch(() => {});
    else void acts.add("pressure", { eye, value, method: row.method, at: row.at, note: null }).catch(() => {});
  };
  const changeBoth = (row: Row, data: Readonly<Record<string, unknown>>) => {
    for (const reading of [row.r, row.l]) if (reading) void acts.change(reading.id, data).catch(() => {});
  };
  const all: readonly (Row | null)[] = [...rows, null];
  return (
    <>
      <EyeHeads />
      {all.map((row, index) => {
        const at = row?.at ?? next.at ?? Date.now();
        const name = index === 0 ? t("pressure.first") : t("pressure.reading", { count: index + 1 });
        const key = `pressure.${index + 1}`;
        return (
          // The line that is begun becomes a reading under the cursor: it has to stay the same line.
          <div key={key} className={`fr rl iop ${row ? "" : "next"}`}>
            <span className="iop-how">
              <BareCell
                shape={method}
                value={row ? row.method : newMethod}
                dataKey={`${key}.method`}
                label={`${name}: ${t("pressure.method").toLowerCase()}`}
                keep={(value) => {
                  if (row) changeBoth(row, { method: value });
                  else setNext({ ...next, method: value as PressureMethod | null });
                }}
              />
              <BareCell
                shape={clock}
                value={row || next.at ? time(at) : null}
                dataKey={`${key}.time`}
                label={`${name}: ${t("pressure.time").toLowerCase()}`}
                read={readTime(at)}
                keep={(value) => {
                  if (row) changeBoth(row, { at: value });
                  else setNext({ ...next, at: value as number });
                }}
              />
            </span>
            {(["r", "l"] as const).map((eye) => (
              <span key={eye} className="fc">
                <BareCell
                  shape={pressure}
                  value={row?.[eye]?.value ?? null}
                  show={(value) => shown(value as number | null)}
                  // What is high is said of the mean, below.
                  unusual={() => null}
                  dataKey={`${key}.${eye}`}
                  label={`${name}, ${t(eye === "r" ? "right" : "left").toLowerCase()}, ${t("pressure.unit")}`}
                  ghost={index === 0 ? shown(before?.[eye] ?? null) : ""}
                  keep={(value) => {
                    if (row) set(row, eye, value);
                    else if (value !== null) {
                      // A reading without its method says little; the commonest stands until somebody says otherwise.
                      const taken: Row = {
                        method: newMethod ?? "goldmann",
                        at: next.at ?? Date.now(),
                        r: null,
                        l: null,
                      };
                      set(taken, eye, value);
                      setNext({ method: taken.method, at: taken.at });
                    }
                  }}
                />
                {eye === "l" && row ? (
                  <button
                    type="button"
                    className="icon-button"
                    tabIndex={-1}
                    aria-label={t("pressure.remove", { time: time(row.at) })}
                    onClick={() =>
                      void acts.remove([row.r, row.l].flatMap((each) => (each ? [each.id] : []))).catch(() => {})
                    }
                  >
                    <X className="i s" aria-hidden />
                  </button>
                ) : null}
              </span>
            ))}
          </div>
        );
      })}
      {repeated ? (
        <div className="fr rl">
          <span className="lb">{t("pressure.mean")}</span>
          {(["r", "l"] as const).map((eye) => (
            <b key={eye} className="iop-mean tab">
              {shown(meanOf(readings, eye))}
            </b>
          ))}
        </div>
      ) : null}
      <div className="fr one">
        <PressureFindings />
      </div>
    </>
  );
}

/** `Goldmann, 10:42`: how and when it was measured. */
export function PressureAside() {
  const { timeZone } = usePlace();
  const rows = rowsOf(readingsOf(useItems("pressure")));
  const latest = rows.at(-1);
  return latest ? (
    <span className="t2">
      {wordOf(latest.method)}, {localTime(latest.at, timeZone)}
    </span>
  ) : null;
}

function PressureFindings() {
  const t = useT("exams");
  const { last } = useOpened();
  const readings = readingsOf(useItems("pressure"));
  const { measures } = useLimits();
  return pressureFindings(readings, meansOfLast(last), measures).map(({ code, eye, by }) => (
    <p key={code + eye} className="msg is-look notes">
      <AlertTriangle className="i" aria-hidden />
      <span>
        {t(`pressure.${code}`, {
          eye: t(eye === "l" ? "left" : "right"),
          value:
            code === "changed"
              ? t(by > 0 ? "pressure.up" : "pressure.down", { value: shown(Math.abs(by)) })
              : shown(by),
          count: by,
          from: shown((measures.quantities.iop.warn[1] ?? 0) + 1),
          wanted: measures.pairs.nctReadings,
          date: last?.label ?? "",
        })}
      </span>
    </p>
  ));
}
