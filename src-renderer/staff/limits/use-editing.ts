/** The tables as they stand and as they are being changed; what is changed is kept here until it is saved. */
import { useMemo, useState } from "react";
import { localDate } from "../../../src-shared/calendar/index.ts";
import {
  builtInTables,
  type LimitTable,
  type LimitTables,
  latestFirst,
  limitTables,
  tableProblem,
  tablesOn,
  versionInForce,
} from "../../../src-shared/optics/index.ts";
import { type Output, useAct, useLive } from "../../api/index.ts";
import { dateText, notify, useNow, usePlace, useT } from "../../ui/index.ts";
import { useSession } from "../shell/session.tsx";
import type { CellValue } from "./cell.tsx";
import { differences, type Origin, sourced, toKeep, valueAt, withValue } from "./edits.ts";

/** A version with its setting, who saved it, and when. */
export type KeptVersion = Output<"exams.limits">[number];
export type Editing = ReturnType<typeof useEditing>;

export function useEditing() {
  const t = useT("limits");
  const { person } = useSession();
  const { timeZone } = usePlace();
  const live = useLive("exams.limits").data;
  const today = localDate(useNow(), timeZone);
  const versions: readonly KeptVersion[] = live ?? [];
  const standing = useMemo(() => tablesOn(live ?? [], today), [live, today]);
  const [edits, setEdits] = useState<Partial<LimitTables>>({});
  const keep = useAct("exams.saveLimits");
  const giveUp = useAct("exams.resetLimits");
  const takeBack = useAct("exams.withdrawLimits");

  const tables: LimitTables = { ...standing.tables, ...edits };
  const edited = limitTables.filter((table) => edits[table] !== undefined);
  const problems = edited.flatMap((table) => {
    const problem = tableProblem(table, edits[table]);
    return problem ? [{ table, ...problem }] : [];
  });

  function change(table: LimitTable, path: string, value: CellValue): void {
    setEdits(({ [table]: current = standing.tables[table], ...others }) => {
      const next = withValue(current, path, value);
      return differences(next, standing.tables[table]).length === 0 ? others : { ...others, [table]: next };
    });
  }

  return {
    tables,
    problems,
    unusable: standing.unusable,
    /** All versions of a table, later ones first. */
    versionsOf: (table: LimitTable) => versions.filter((version) => version.table === table).sort(latestFirst),
    inForce: (table: LimitTable) => versionInForce(versions, table, today),
    today,
    /** Changes that are not saved, as paths of each table. */
    unsaved: edited.flatMap((table) =>
      differences(edits[table], standing.tables[table]).map((path) => ({ table, path })),
    ),
    edited,
    standing: standing.tables,
    isEdited: (table: LimitTable) => edits[table] !== undefined,
    /** What a cell of a table shows. */
    cell(table: LimitTable, path: string) {
      return {
        value: valueAt(tables[table], path) as CellValue,
        saved: valueAt(standing.tables[table], path) as CellValue,
        delivered: (valueAt(builtInTables[table], path) ?? null) as CellValue,
        problem:
          problems.find((each) => each.table === table && (each.path === path || each.path.startsWith(`${path}.`)))
            ?.message ?? null,
        onChange: (value: CellValue) => change(table, path, value),
      };
    },
    discard: () => setEdits({}),
    busy: keep.busy || giveUp.busy,
    error: keep.error ?? giveUp.error ?? takeBack.error,
    /** Keeps every changed table from a day on, its new numbers from the given source. Rejects with the first refused. */
    async save(origin: Origin): Promise<void> {
      const from = origin.date;
      for (const table of edited) {
        const value = toKeep(table, edits[table], standing.tables[table], origin);
        await (value === null ? giveUp.act({ table, from }) : keep.act({ table, value, from }));
        setEdits(({ [table]: _, ...others }) => others);
      }
      notify({ tone: "done", title: t(from > today ? "savedFor" : "saved", { date: dateText(from) }) });
    },
    /** The person vouches for the numbers of a part as they stand. */
    confirm(table: LimitTable, part: string): void {
      const source = t("confirmedBy", { name: person.name });
      const value = sourced<unknown>(standing.tables[table], part, source, today) as Record<string, unknown>;
      void keep
        .act({ table, value })
        .then(() => notify({ tone: "done", title: t("confirmed") }))
        .catch(() => {});
    },
    reset(table: LimitTable): void {
      setEdits(({ [table]: _, ...others }) => others);
      void giveUp.act({ table }).catch(() => {});
    },
    withdraw(id: string): void {
      void takeBack.act({ id }).catch(() => {});
    },
  };
}
