/** A section of the record: its name, what can be done to all of it, and its fields; folded, what is in it in a line. */
import { Check, ChevronDown, ChevronRight, History, Undo2 } from "lucide-react";
import { memo, type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { normalValues } from "../../../../src-shared/exams/normal.ts";
import { readShorthand } from "../../../../src-shared/exams/shorthand.ts";
import { Button, dateText, Kbd, takesFocus, useLimits, useT } from "../../../ui/index.ts";
import { apply, copiedValues, takeBack, type Undo, type Values } from "../acts.ts";
import { focusKey } from "../moving.ts";
import { monthOf, useOpened } from "../opened.ts";
import { type ShownSection, wordOf } from "../words.ts";
import { SectionSummary } from "./summary.tsx";

/** What the screen asks of a section by keys. */
export interface SectionActs {
  normal(eye: "r" | "l" | null): void;
  copy(): void;
  shorthand(): void;
  undo(): void;
  fold(): void;
}

export const Section = memo(function Section({
  shown,
  folded,
  fold,
  register,
  aside,
  tools,
  children,
}: {
  shown: ShownSection;
  folded: boolean;
  fold: (section: string, folded: boolean) => void;
  register: (section: string, acts: SectionActs | null) => void;
  aside?: ReactNode;
  tools?: ReactNode;
  children: (acts: SectionActs) => ReactNode;
}) {
  const t = useT("exams");
  const { save } = useOpened();
  const { section, label, fields, questions } = shown;
  const [done, setDone] = useState<{ readonly what: string; readonly undo: Undo } | null>(null);
  const [line, setLine] = useState(() => save.half(`${section}.shorthand`) !== null);
  const all = useMemo(() => [...fields, ...questions].map(({ field }) => field), [fields, questions]);
  const refraction = all.some(({ key }) => key === `${section}.sphere`);
  // A refraction is measured; what can be normal in it is a word beside the powers.
  const hasNormal = !refraction && all.some(({ normal }) => normal !== undefined);
  const perform = (what: string, values: Values) => {
    const undo = apply(save, values);
    if (undo) setDone({ what, undo });
  };
  const acts: SectionActs = {
    normal: (eye) =>
      perform(
        "normal",
        normalValues(all, (key) => save.value(key), eye),
      ),
    copy: () => perform("copied", copiedValues(save, section, all)),
    shorthand: () => setLine(true),
    undo() {
      if (done) takeBack(save, done.undo);
      setDone(null);
    },
    fold: () => fold(section, !folded),
  };
  const latest = useRef(acts);
  latest.current = acts;
  useEffect(() => {
    register(section, {
      normal: (eye) => latest.current.normal(eye),
      copy: () => latest.current.copy(),
      shorthand: () => latest.current.shorthand(),
      undo: () => latest.current.undo(),
      fold: () => latest.current.fold(),
    });
    return () => register(section, null);
  }, [register, section]);
  const name = `exam-${section}-name`;
  return (
    <section className="sect" data-section={section} aria-labelledby={name}>
      <div className="sect-head">
        <h2>
          <button type="button" id={name} aria-expanded={!folded} onClick={acts.fold}>
            {folded ? <ChevronRight className="i s" aria-hidden /> : <ChevronDown className="i s" aria-hidden />}
            {label}
          </button>
        </h2>
        {folded ? <SectionSummary shown={shown} /> : aside}
        {folded ? null : <SectionBefore section={section} />}
        <span className="push" />
        {folded ? null : (
          <>
            {done ? (
              <span className="row g2 small t2 nowrap" role="status">
                {t(`done.${done.what}`)}
                <Button size="s" variant="quiet" icon={Undo2} keys="Alt Z" onClick={acts.undo}>
                  {t("undo")}
                </Button>
              </span>
            ) : null}
            {done ? null : tools}
            {fields.length > 0 && !done ? (
              <button type="button" className="quiet-key small" tabIndex={-1} onClick={acts.shorthand}>
                {t("shorthand")} <Kbd keys="Alt ;" />
              </button>
            ) : null}
            {hasNormal ? (
              <Button size="s" icon={Check} keys="Alt N" onClick={() => acts.normal(null)}>
                {t("allNormal")}
              </Button>
            ) : null}
          </>
        )}
      </div>
      {folded ? null : (
        <>
          {line ? (
            <ShorthandLine
              shown={shown}
              hint={t(refraction ? "shorthandRx" : "shorthandHint")}
              close={() => setLine(false)}
              take={(values) => perform("line", values)}
            />
          ) : null}
          {children(acts)}
        </>
      )}
    </section>
  );
});

/** Of which day the pale values are; marked where the last visit holds nothing here and they are of one before it. */
function SectionBefore({ section }: { section: string }) {
  const t = useT("exams");
  const { last } = useOpened();
  const on = last?.on(section) ?? null;
  if (on === null) return null;
  const older = last?.newest !== null && on !== last?.newest;
  return (
    <span className={`before small nowrap ${older ? "older" : ""}`} title={t("beforeOf", { date: dateText(on) })}>
      <History className="i s" aria-hidden />
      {older ? dateText(on) : monthOf(on)}
    </span>
  );
}

function ShorthandLine({
  shown: { section, label, fields, questions },
  hint,
  take,
  close,
}: {
  shown: ShownSection;
  /** How such a line is written. */
  hint: string;
  take: (values: Values) => void;
  close: () => void;
}) {
  const t = useT("exams");
  const { save } = useOpened();
  const limits = useLimits();
  const half = `${section}.shorthand`;
  const [text, setText] = useState(() => String(save.half(half) ?? ""));
  const [error, setError] = useState<string | null>(null);
  const back = useRef(document.activeElement instanceof HTMLElement ? document.activeElement.dataset.key : undefined);
  const leave = () => {
    save.typing(half, null);
    close();
    if (back.current) focusKey(back.current);
  };
  const read = () => {
    const result = readShorthand(text, section, [...fields, ...questions], wordOf, limits);
    if (!result.ok) {
      setError(result.message);
      return;
    }
    take(result.values);
    leave();
  };
  return (
    <div className="short-line">
      <input
        ref={takesFocus}
        aria-label={t("shorthandLabel", { section: label })}
        aria-invalid={error !== null}
        data-half={text.trim() === "" ? undefined : ""}
        placeholder={hint}
        value={text}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => {
          setText(event.target.value);
          save.typing(half, event.target.value);
          setError(null);
        }}
        onKeyDown={(event) => {
          if (event.ctrlKey || event.metaKey || event.altKey) return;
          if (event.key === "Enter") {
            event.preventDefault();
            if (text.trim() === "") leave();
            else read();
          } else if (event.key === "Escape") {
            event.preventDefault();
            event.stopPropagation();
            leave();
          }
        }}
      />
      {error ? (
        <p className="msg is-stop" role="alert">
          {error}
        </p>
      ) : null}
    </div>
  );
}
