/** A page with the practice's head: what every paper of the exam room is printed on. */
import { type ReactNode, useLayoutEffect, useRef } from "react";
import { scrollsByKeys, useT } from "../../../ui/index.ts";
import { type PaperSize, pageRules } from "./paper-size.ts";

interface Letterhead {
  readonly practice: { readonly name: string } | null;
  readonly branch: { readonly name: string; readonly address: string | null; readonly phone: string | null } | null;
}

/** Paper is white in the dark theme too. */
export function Sheet({
  size,
  title,
  foot,
  from: { practice, branch },
  children,
}: {
  size: PaperSize;
  title: string;
  /** Whose paper it is, at the foot of each page. */
  foot: string;
  from: Letterhead;
  children: ReactNode;
}) {
  const sheet = usePage(size, foot);
  return (
    <article className={`sheet is-${size}`} data-theme="light" aria-label={title} ref={sheet}>
      <header className="sheet-head">
        <b>{practice?.name}</b>
        <address>
          <span>{branch?.name}</span>
          <span>{oneLine(branch?.address)}</span>
          <span className="tab">{branch?.phone}</span>
        </address>
      </header>
      {children}
    </article>
  );
}

/** Tells the printer the page while the paper is shown; the length of a roll is measured when it is printed. */
function usePage(size: PaperSize, foot: string) {
  const t = useT("papers");
  const sheet = useRef<HTMLElement>(null);
  const counted = t("pageOf", { page: "{{page}}", pages: "{{pages}}" });
  useLayoutEffect(() => {
    const rules = new CSSStyleSheet();
    const write = () => {
      const pixels = sheet.current?.getBoundingClientRect().height ?? 0;
      // A little longer than it is: what is half a millimetre too long would be printed on a second piece.
      rules.replaceSync(pageRules(size, { left: foot, right: counted }, (pixels * 25.4) / 96 + 1));
    };
    write();
    document.adoptedStyleSheets.push(rules);
    window.addEventListener("beforeprint", write);
    return () => {
      window.removeEventListener("beforeprint", write);
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== rules);
    };
  }, [size, foot, counted]);
  useLayoutEffect(() => scrollsByKeys(sheet.current), []);
  return sheet;
}

/** Addresses are kept in lines. */
export const oneLine = (text: string | null | undefined): string => (text ?? "").trim().replaceAll(/\s*\n\s*/g, ", ");

export function Facts({ rows }: { rows: readonly (readonly [label: string, value: ReactNode] | null)[] }) {
  return (
    <dl className="sheet-facts">
      {rows.map((row) =>
        row ? (
          <div key={row[0]}>
            <dt>{row[0]}</dt>
            <dd>{row[1]}</dd>
          </div>
        ) : null,
      )}
    </dl>
  );
}

/** Where the practitioner signs by hand: name, title, number on the register, and the day. */
export function SignatureLine({
  label,
  name,
  title = null,
  registration,
  date,
}: {
  label: string;
  name: string;
  title?: string | null;
  registration: string | null;
  date: string;
}) {
  const t = useT("papers");
  return (
    <footer className="sheet-sign">
      <div>
        <span className="sheet-line" aria-hidden />
        <p>
          {label}: <b>{name}</b>
          {title ? `, ${title.toLowerCase()}` : ""}
        </p>
        {registration ? (
          <p className="tab">
            {t("registration")} {registration}
          </p>
        ) : null}
      </div>
      <div>
        <span className="sheet-line tab">{date}</span>
        <p>{t("date")}</p>
      </div>
    </footer>
  );
}
