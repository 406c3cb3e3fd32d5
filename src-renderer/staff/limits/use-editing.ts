/** The tables as they stand and as they are being changed; what is changed is kept here until it is saved. */
import { useMemo, useState } from "react";
import { localDate } from "../../../src-shared/calendar/index.ts";
import {
  builtInTables,
  type LimitTable,
  type LimitTables,
  limitTables,
  tableProblem,
  tablesOf,
} from "../../../src-shared/optics/index.ts";
import { useAct, useLive } from "../../api/index.ts";
import { notify, usePlace, useT } from "../../ui/index.ts";
import { useSession } from "../shell/session.tsx";
import type { CellValue } from "./cell.tsx";
import { differences, type Origin, sourced, toKeep, valueAt, withValue } from "./edits.ts";

export type Editing = ReturnType<typeof useEditing>;

export function useEditing() {
  const t = useT("limits");
  const { person } = useSession();
  const { timeZone } = usePlace();
  const live = useLive("exams.limits").data;
  const standing = useMemo(() => tablesOf(live?.own ?? {}), [live]);
  const [edits, setEdits] = useState<Partial<LimitTables>>({});
  const keep = useAct("exams.saveLimits");
  const giveUp = useAct("exams.resetLimits");

  const tables: LimitTables = { ...standing.tables, ...edits };
  const edited = limitTables.filter((table) => edits[table] !== undefined);
  const problems = edited.flatMap((table) => {
    const problem = tableProblem(table, edits[table]);
    return problem ? [{ table, ...problem }] : [];
  });
  const today = () => localDate(Date.now(), timeZone);

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
    changes: live?.changes ?? [],
    today,
    /** Changes that are not saved, as paths of each table. */
    unsaved: edited.flatMap((table) =>
      differences(edits[table], standing.tables[table]).map((path) => ({ table, path })),
    ),
    standing: standing.tables,
    isEdited: (table: LimitTable) => edits[table] !== undefined,
    /** Whether the practice keeps a table of its own. */
    isOwn: (table: LimitTable) => (live?.own[table] ?? null) !== null,
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
    error: keep.error ?? giveUp.error,
    /** Keeps every changed table, its new numbers from the given source. Rejects with the first that is refused. */
    async save(origin: Origin): Promise<void> {
      for (const table of edited) {
        const value = toKeep(table, edits[table], standing.tables[table], origin);
        await (value === null ? giveUp.act({ table }) : keep.act({ table, value }));
        setEdits(({ [table]: _, ...others }) => others);
      }
      notify({ tone: "done", title: t("saved") });
    },
    /** The person vouches for the numbers of a part as they stand. */
    confirm(table: LimitTable, part: string): void {
      const source = t("confirmedBy", { name: person.name });
      const value = sourced<unknown>(standing.tables[table], part, source, today()) as Record<string, unknown>;
      void keep
        .act({ table, value })
        .then(() => notify({ tone: "done", title: t("confirmed") }))
        .catch(() => {});
    },
    reset(table: LimitTable): void {
      setEdits(({ [table]: _, ...others }) => others);
      void giveUp.act({ table }).catch(() => {});
    },
  };
}
