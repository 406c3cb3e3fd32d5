/** A page with the practice's head: what every paper of the exam room is printed on. */

import type { ReactNode } from "react";
import { scrollsByKeys } from "../../../ui/index.ts";

export type PaperSize = "a4" | "a5";
interface Letterhead {
  readonly practice: { readonly name: string } | null;
  readonly branch: { readonly name: string; readonly address: string | null; readonly phone: string | null } | null;
}

/** Paper is white in the dark theme too. */
export function Sheet({
  size,
  title,
  from: { practice, branch },
  children,
}: {
  size: PaperSize;
  title: string;
  from: Letterhead;
  children: ReactNode;
}) {
  return (
    <article className={`sheet is-${size}`} data-theme="light" aria-label={title} ref={scrollsByKeys}>
      <header className="sheet-head">
        <b>{practice?.name}</b>
        <span>{[branch?.name, oneLine(branch?.address), branch?.phone].filter(Boolean).join(" · ")}</span>
      </header>
      {children}
    </article>
  );
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

/** Where the practitioner signs by hand. */
export function SignatureLine({
  label,
  name,
  registration,
}: {
  label: string;
  name: string;
  registration: string | null;
}) {
  return (
    <footer className="sheet-sign">
      <span className="sheet-line" aria-hidden />
      <p>
        {label}: <b>{name}</b>
        {registration ? <span className="tab"> · {registration}</span> : null}
      </p>
    </footer>
  );
}
