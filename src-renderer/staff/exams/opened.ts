/** An exam that is open on this screen: what is typed, folded and looked back at, for as long as the window lives. */
import { createContext, useCallback, useContext, useMemo, useSyncExternalStore } from "react";
import type { Written } from "../../../src-shared/exams/completeness.ts";
import { progressOf, type SectionParts } from "../../../src-shared/exams/progress.ts";
import { keysOf } from "../../../src-shared/exams/sections.ts";
import { type Output, send, UiError } from "../../api/index.ts";
import { dateText } from "../../ui/index.ts";
import { Autosave, type Base, type Held, type Unkept } from "./autosave.ts";
import { columnsOf } from "./columns.ts";
import { sectionOfList } from "./record-items.ts";
import { unkeptKeeper } from "./unkept.ts";
import type { ShownSection } from "./words.ts";

export type Detail = Output<"exams.get">;
export type Item = Detail["items"][number];
export type Conflict = Detail["conflicts"][number];

/** What of an exam outlives its screen: text that is on its way, and which sections are folded. */
interface Kept {
  readonly save: Autosave;
  readonly folds: Map<string, boolean>;
}
const kept = new Map<string, Kept>();

export function baseOf(exam: Detail["exam"], entries: Detail["entries"]): Base {
  return { columns: exam as unknown as Record<string, unknown>, entries };
}

/** `unkept`: what was not kept when this exam was last open on this PC; only of use where it is not open already. */
export function keptOf(data: Detail, unkept: Readonly<Record<string, Unkept>>): Kept {
  const { id } = data.exam;
  const known = kept.get(id);
  if (known) return known;
  const write = unkeptKeeper(
    unkept,
    () => save.unkept,
    ({ keep, drop }) => send("exams.keepUnkept", { id, where: "fields", keep: { ...keep }, drop: [...drop] }),
  );
  const save: Autosave = new Autosave(baseOf(data.exam, data.entries), {
    unkept: write,
    send: ({ fields, entries }) => send("exams.patch", { id, fields: fields as never, entries }),
    refused: (error) => (error instanceof UiError && error.code !== "FAILED" ? error.message : null),
    now: () => Date.now(),
    after(milliseconds, run) {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
  });
  save.resume(unkept);
  // What waits to be put right or finished is never out of sight.
  const waiting = Object.entries(unkept).filter(([, { half, held }]) => half !== undefined || held);
  const sections = waiting.map(([key]) => key.split(".")[0] ?? "").map((list) => sectionOfList[list] ?? list);
  const made = { save, folds: new Map(sections.map((section) => [section, false])) };
  kept.set(id, made);
  return made;
}

/** What earlier visits found, each section by the newest one that holds anything there. */
export interface LastVisit {
  /** By key of column or entry. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly pressure: readonly Readonly<Record<string, unknown>>[];
  /** The day of the visit that a section's values are of, `YYYY-MM-DD`; null for a section that no visit holds. */
  on(section: string): string | null;
  /** The day of the visit before this one, whatever it holds. */
  readonly newest: string | null;
}
export function lastVisitOf({ earlier, last }: Pick<Detail, "earlier" | "last">): LastVisit | null {
  const sections = Object.values(earlier);
  if (sections.length === 0) return null;
  return {
    values: Object.assign({}, ...sections.map(({ values }) => values)) as Record<string, unknown>,
    pressure: earlier.pressure?.readings ?? [],
    on: (section) => earlier[section]?.on ?? null,
    newest: last?.on ?? null,
  };
}
/** Month and year, which is how a visit is spoken of. */
export const monthOf = (date: string | null): string => (date === null ? "" : dateText(date).replace(/^\d+ /, ""));

export interface Opened {
  readonly id: string;
  readonly save: Autosave;
  readonly last: LastVisit | null;
  /** The newest drawings of earlier visits. */
  readonly drawn: Detail["drawn"];
  readonly form: readonly ShownSection[];
  readonly today: string;
}
const OpenedContext = createContext<Opened | null>(null);
export const OpenedProvider = OpenedContext.Provider;
/** Null in a signed record, whose amendment has fields too. */
export const useOpenedIfAny = (): Opened | null => useContext(OpenedContext);
export function useOpened(): Opened {
  const opened = useContext(OpenedContext);
  if (!opened) throw new Error("outside an open exam");
  return opened;
}

const ItemsContext = createContext<readonly Item[]>([]);
export const ItemsProvider = ItemsContext.Provider;
const ConflictsContext = createContext<readonly Conflict[]>([]);
export const ConflictsProvider = ConflictsContext.Provider;
export const useConflicts = (): readonly Conflict[] => useContext(ConflictsContext);

export const useAllItems = (): readonly Item[] => useContext(ItemsContext);
/** The rows of one list, as they stand. */
export function useItems(list: string): readonly Item[] {
  const items = useContext(ItemsContext);
  return useMemo(() => items.filter((item) => item.list === list), [items, list]);
}

export interface CellState {
  readonly value: unknown;
  readonly held: Held | null;
  readonly foreign: unknown;
}
/** One field's state; the component renders anew when this field changes, and for no other. */
export function useCell(key: string): CellState {
  const { save } = useOpened();
  const watch = useCallback((run: () => void) => save.watch(key, run), [save, key]);
  useSyncExternalStore(watch, () => save.stamp(key));
  return { value: save.value(key), held: save.held(key), foreign: save.foreign(key) };
}
/** The same for several fields that one thing is said about. */
export function useCells(keys: readonly string[]): void {
  const { save } = useOpened();
  const list = keys.join(" ");
  const watch = useCallback(
    (run: () => void) => {
      const stops = list.split(" ").map((key) => save.watch(key, run));
      return () => {
        for (const stop of stops) stop();
      };
    },
    [save, list],
  );
  useSyncExternalStore(watch, () => keys.reduce((sum, key) => sum + save.stamp(key), 0));
}

/** All that is written, a moment behind the typing. */
export function useWritten(): Base {
  const { save } = useOpened();
  const watch = useCallback((run: () => void) => save.watchAll(run), [save]);
  const version = useSyncExternalStore(watch, () => save.version);
  return useMemo(() => {
    // Says when what is written has changed.
    void version;
    return save.written();
  }, [save, version]);
}

const listsOf: Readonly<Record<string, readonly string[]>> = {
  specs: ["specs"],
  contact_lenses: ["lens_trial"],
  anterior: ["stroke"],
  posterior: ["stroke"],
  pressure: ["pressure"],
  drops: ["drops"],
  diagnosis: ["diagnosis"],
};
function partsOf({ section, fields, questions }: ShownSection): SectionParts {
  return {
    section,
    fields: fields.map(({ field }) => field),
    keys: questions.flatMap(({ field }) => keysOf(field)),
    columns: columnsOf[section] ?? [],
    lists: listsOf[section] ?? [],
  };
}

/** Sections and gaps as they stand. `expected`: keys of the practice's questions that count as gaps, by section. */
export function useProgress(expected: Written["questions"]) {
  const { form, today } = useOpened();
  const { columns, entries } = useWritten();
  const items = useContext(ItemsContext);
  const { patient, previous, lastRecall, letters } = usePatient();
  const about = useMemo(
    () =>
      patient && {
        age: patient.age,
        warning: patient.warning,
        reachable: Boolean(patient.address && (patient.phone || patient.phone_other || patient.email)),
        prescribed: previous !== null,
        recallOn: lastRecall?.recall_on ?? null,
        today,
        letters,
      },
    [patient, previous, lastRecall, today, letters],
  );
  const parts = useMemo(() => form.map(partsOf), [form]);
  return useMemo(() => {
    const listed = items.filter(({ list }) => list !== "stroke");
    return progressOf(
      {
        kind: (columns.kind ?? null) as Written["kind"],
        columns,
        entries,
        items: listed,
        about,
        ...(expected ? { questions: expected } : {}),
      },
      parts,
    );
  }, [columns, entries, items, about, expected, parts]);
}

/** What is known beside the exam: whose it is, when they were asked to come back, how it went over the visits. */
type Known = Pick<Detail, "patient" | "lastRecall" | "series" | "previous" | "letters"> & {
  readonly startedAt: number;
};
const PatientContext = createContext<Known | null>(null);
export const PatientProvider = PatientContext.Provider;
export function usePatient(): Known {
  const known = useContext(PatientContext);
  if (!known) throw new Error("outside an open exam");
  return known;
}
