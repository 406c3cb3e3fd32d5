/** The record while it is written: one page in the order of the form, kept field by field, by keyboard alone if one likes. */
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { questionKey } from "../../../src-shared/exams/check.ts";
import { isFolded } from "../../../src-shared/exams/form.ts";
import { Button, go, notify, translate, useShortcuts, useT, Work } from "../../ui/index.ts";
import { useSession } from "../shell/session.tsx";
import type { Unkept } from "./autosave.ts";
import { ExamContext } from "./context.tsx";
import { ReferDialog } from "./documents/refer.tsx";
import { ExamFoot } from "./foot.tsx";
import { DraftHead } from "./head.tsx";
import { LastVisitDialog } from "./last-visit.tsx";
import { addToList, currentSection, goToPrism, stepSection } from "./moving.ts";
import { useNarrow } from "./narrow.ts";
import {
  baseOf,
  ConflictsProvider,
  type Detail,
  ItemsProvider,
  keptOf,
  lastVisitOf,
  type Opened,
  OpenedProvider,
  PatientProvider,
} from "./opened.ts";
import { Outline } from "./outline.tsx";
import { RecordSection } from "./sections/record-section.tsx";
import type { SectionActs } from "./sections/section.tsx";
import { useSigning } from "./signing.ts";
import { SendBack, Supervision } from "./supervision.tsx";
import { entryLabel, shownForm } from "./words.ts";

export function Draft({ data, unkept }: { data: Detail; unkept: Readonly<Record<string, Unkept>> }) {
  const { form, questions, earlier, last, drawn, previous, patient, lastRecall, letters, series, today } = data;
  const { id, started_at: startedAt } = data.exam;
  const kept = keptOf(data, unkept);
  const { save } = kept;
  const shown = useMemo(() => shownForm(form, questions), [form, questions]);
  const labels = useRef(shown);
  labels.current = shown;
  useLayoutEffect(() => save.take(baseOf(data.exam, data.entries)), [save, data.exam, data.entries]);
  useEffect(() => {
    const flush = () => void save.flush();
    window.addEventListener("pagehide", flush);
    return () => {
      window.removeEventListener("pagehide", flush);
      // Whoever goes elsewhere, or whose exam somebody else signed meanwhile, hears of what is not in it.
      void save.flush().then(() => {
        const { held } = save.state;
        const [first] = held;
        if (first === undefined) return;
        const field = entryLabel(labels.current, first);
        const message = save.held(first)?.message ?? "";
        notify({ tone: "stop", title: translate("exams", "held", { count: held.length, field, message }) });
      });
    };
  }, [save]);
  const before = useMemo(() => lastVisitOf({ earlier, last }), [earlier, last]);
  const opened: Opened = useMemo(
    () => ({ id, save, last: before, drawn, form: shown, today }),
    [id, save, before, drawn, shown, today],
  );
  const whose = useMemo(
    () => ({ patient, previous, lastRecall, letters, series, startedAt }),
    [patient, previous, lastRecall, letters, series, startedAt],
  );
  return (
    <OpenedProvider value={opened}>
      <PatientProvider value={whose}>
        <ItemsProvider value={data.items}>
          <ConflictsProvider value={data.conflicts}>
            <Page data={data} opened={opened} folds={kept.folds} />
          </ConflictsProvider>
        </ItemsProvider>
      </PatientProvider>
    </OpenedProvider>
  );
}

function Page({ data, opened, folds }: { data: Detail; opened: Opened; folds: Map<string, boolean> }) {
  const t = useT("exams");
  const { may } = useSession();
  const { save, form, last } = opened;
  const [current, setCurrent] = useState<string | null>(form[0]?.section ?? null);
  const [folded, setFolded] = useState<ReadonlyMap<string, boolean>>(folds);
  const [looking, setLooking] = useState(false);
  const [referring, setReferring] = useState(false);
  // The letter is filled from what is kept.
  const refer = useCallback(() => void save.flush().then(() => setReferring(true)), [save]);
  const refers = may("referrals:send") ? refer : null;
  const narrow = useNarrow();
  const [panel, setPanel] = useState(false);
  const signing = useSigning(data, save, form);
  const acts = useRef(new Map<string, SectionActs>());
  const register = useCallback((section: string, own: SectionActs | null) => {
    if (own) acts.current.set(section, own);
    else acts.current.delete(section);
  }, []);
  const fold = useCallback(
    (section: string, now: boolean) => {
      folds.set(section, now);
      setFolded(new Map(folds));
    },
    [folds],
  );
  const expected = useMemo(
    () =>
      data.questions
        .filter(({ expected: asked }) => asked)
        .map(({ id, section, perEye }) => ({
          section,
          keys: (perEye ? (["r", "l"] as const) : [null]).map((eye) => questionKey(section, id, eye)),
        })),
    [data.questions],
  );
  const sections = form.map(({ section }) => section);
  const here = () => acts.current.get(currentSection() ?? current ?? "");
  const takeGhost = (): boolean => {
    const key = (document.activeElement as HTMLElement | null)?.dataset.key;
    if (!key || !last) return false;
    const keys = /(^|[._])prism_h(\.|$)/.test(key)
      ? ["prism_h", "base_h", "prism_v", "base_v"].map((part) => key.replace("prism_h", part))
      : [key];
    const stated = keys.filter((each) => last.values[each] !== null && last.values[each] !== undefined);
    save.set(Object.fromEntries(stated.map((each) => [each, last.values[each]])), true);
    return stated.length > 0;
  };
  const group = t("title");
  const label = (key: string) => t(`keys.${key}`);
  const commands: Parameters<typeof useShortcuts>[0] = [
    { keys: "Alt+ArrowDown", label: label("section"), group, run: () => stepSection(sections, 1) },
    { keys: "Alt+ArrowUp", label: label("previousSection"), group, run: () => stepSection(sections, -1) },
    { keys: "N", label: label("normal"), group, run: () => here()?.normal(null) },
    { keys: "Alt+N", label: label("normal"), group, run: () => here()?.normal(null) },
    { keys: "=", label: label("copy"), group, run: () => here()?.copy() },
    { keys: "Alt+=", label: label("copy"), group, run: () => here()?.copy() },
    { keys: "Alt+;", label: label("shorthand"), group, run: () => here()?.shorthand() },
    { keys: "Alt+A", label: label("add"), group, run: () => addToList(currentSection() ?? current) },
    { keys: "Alt+X", label: label("prism"), group, run: () => goToPrism(currentSection() ?? current) },
    { keys: "Alt+Z", label: label("undo"), group, run: () => here()?.undo() },
    { keys: "G", label: t("showLast"), group, run: () => setLooking(true) },
    { keys: "Alt+G", label: label("ghost"), group, run: () => void (takeGhost() || setLooking(true)) },
    { keys: "Alt+R", label: t("refer"), group, when: refers !== null, run: refer },
    { keys: "Alt+P", label: label("panel"), group, when: narrow, run: () => setPanel(!panel) },
    {
      keys: "Ctrl+Enter",
      label: signing.act ?? label("sign"),
      group,
      when: signing.act !== null,
      run: signing.finish,
    },
    { keys: "Escape", label: t("list"), group, run: () => go("/exam") },
  ];
  // Under a dialog nothing is written or signed.
  useShortcuts(
    commands.map(({ run, ...command }) => ({
      ...command,
      run: () => (document.querySelector("dialog[open]") ? undefined : run()),
    })),
  );
  return (
    <Work
      head={
        <DraftHead data={data}>
          {narrow ? (
            <Button size="s" keys="Alt P" aria-expanded={panel} onClick={() => setPanel(!panel)}>
              {t("panel")}
            </Button>
          ) : null}
        </DraftHead>
      }
      side={<Outline current={current} expected={expected} />}
      context={!narrow || panel ? <ExamContext expected={expected} refer={refers} /> : undefined}
      foot={
        <ExamFoot
          expected={expected}
          act={signing.act}
          busy={signing.busy}
          finish={signing.finish}
          refer={refers}
          others={
            <>
              {signing.countersigns ? <SendBack data={data} /> : null}
              {refers ? (
                <Button keys="Alt R" onClick={refers}>
                  {t("refer")}
                </Button>
              ) : null}
            </>
          }
        />
      }
      hints={[
        { keys: "Enter", label: label("next") },
        { keys: "=", label: label("copy") },
        { keys: "+ −", label: label("step") },
        { keys: "Alt ↓", label: label("section") },
        { keys: "Alt N", label: label("normal") },
        { keys: "Alt G", label: label("ghost") },
        { keys: "Alt ;", label: label("shorthand") },
      ]}
    >
      <div className="exam-record">
        <Supervision data={data} />
        <fieldset
          className="exam-sections"
          disabled={!may("exams:create")}
          onFocus={(event) => {
            const section = event.target.closest<HTMLElement>("[data-section]")?.dataset.section;
            if (section && section !== current) setCurrent(section);
          }}
          onKeyDown={(event) => {
            const { key, ctrlKey, altKey, metaKey } = event;
            if (ctrlKey || altKey || metaKey || (event.target as HTMLElement).dataset.kind !== "value") return;
            if (key === "=") here()?.copy();
            else if (key.toLowerCase() === "g") takeGhost();
            else return;
            event.preventDefault();
          }}
        >
          {form.map((each) => (
            <RecordSection
              key={each.section}
              shown={each}
              folded={folded.get(each.section) ?? isFolded(each.section, each.folded, data.exam.kind)}
              fold={fold}
              register={register}
            />
          ))}
        </fieldset>
        {looking ? <LastVisitDialog close={() => setLooking(false)} /> : null}
        {referring ? <ReferDialog examId={data.exam.id} onClose={() => setReferring(false)} /> : null}
      </div>
    </Work>
  );
}
