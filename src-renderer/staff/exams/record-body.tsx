/** The record as it reads on paper: sections in their order, right beside left, what was amended struck with the new beside. */
import { Fragment } from "react";
import type { ExamContent } from "../../../src-shared/exams/record-content.ts";
import { Rx, scrollsByKeys, useT } from "../../ui/index.ts";
import { RecordDrawings } from "./record-drawings.tsx";
import { type RecordLine, type RecordSection, recordSections, type Said } from "./record-model.ts";

export function RecordBody({
  examId,
  shown,
  signed,
  names,
  zone,
  by,
}: {
  examId: string;
  shown: ExamContent;
  signed: ExamContent;
  /** What the practice calls sections of its own. */
  names: Readonly<Record<string, string>>;
  zone: string;
  /** Whose amendment changed it last, when and why, by key. */
  by: ReadonlyMap<string, string>;
}) {
  const t = useT("record");
  const sections = recordSections(shown, signed, { names, zone, by });
  if (sections.length === 0) return <p className="t2 pad">{t("empty")}</p>;
  return (
    <div className="rec" ref={scrollsByKeys}>
      {sections.map((section) => (
        <Section key={section.section} examId={examId} section={section} shown={shown} />
      ))}
    </div>
  );
}

function Section({ examId, section, shown }: { examId: string; section: RecordSection; shown: ExamContent }) {
  const t = useT("record");
  const { rx, lines, entries, drawing } = section;
  const both = lines.some(({ cells }) => cells.b);
  // What has no eye must not stand under the name of one.
  const first = lines.findIndex(({ cells }) => !cells.one);
  const head = (
    <div className="rec-line rec-head" aria-hidden>
      <span />
      <span>{t("right")}</span>
      <span>{t("left")}</span>
      {both ? <span>{t("both")}</span> : null}
    </div>
  );
  return (
    <section className={`rec-part ${both ? "has-both" : ""}`} aria-labelledby={`rec-${section.section}`}>
      <h2 className="section" id={`rec-${section.section}`}>
        {section.title}
      </h2>
      <div className="rec-lines">
        {rx ? <Rx r={rx.r} l={rx.l} size={section.section === "given" ? "m" : "s"} /> : null}
        {lines.map((line, index) => (
          <Fragment key={line.line}>
            {index === first ? head : null}
            <Line line={line} both={both} />
          </Fragment>
        ))}
        {drawing ? (
          <div className="rec-drawn">
            <p className="rec-head" aria-hidden>
              {t("drawn", { section: section.title })}
            </p>
            <RecordDrawings examId={examId} content={shown} diagram={drawing} />
          </div>
        ) : null}
        {entries.length > 0 ? (
          <ul className="rec-entries">
            {entries.map((entry) => (
              <li key={entry.key}>
                <Words said={entry} />
              </li>
            ))}
          </ul>
        ) : null}
      </div>
    </section>
  );
}

function Line({ line, both }: { line: RecordLine; both: boolean }) {
  const t = useT("record");
  const { one, r, l, b } = line.cells;
  return (
    <div className="rec-line">
      <span className="rec-label">{line.label}</span>
      {one ? (
        <div className="rec-cell is-wide">
          <Words said={one} />
        </div>
      ) : (
        <>
          <Cell name={t("right")} said={r} />
          <Cell name={t("left")} said={l} />
          {both ? <Cell name={t("both")} said={b} /> : null}
        </>
      )}
    </div>
  );
}

function Cell({ name, said }: { name: string; said: Said | undefined }) {
  return (
    <div className="rec-cell">
      {said ? (
        <>
          <span className="vh">{name} </span>
          <Words said={said} />
        </>
      ) : null}
    </div>
  );
}

/** What stands there now; where that is not what was signed, the old struck and the new beside it. */
export function Words({ said: { text, was, by } }: { said: Pick<Said, "text" | "was" | "by"> }) {
  const t = useT("record");
  if (was === null) return <span className="rec-text">{text}</span>;
  return (
    <span className="rec-change">
      {was ? <del>{was}</del> : null} {text ? <ins>{text}</ins> : <span className="small t3">{t("struck")}</span>}
      {by ? <span className="rec-by">{by}</span> : null}
    </span>
  );
}
