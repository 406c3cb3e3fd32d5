/** How a screen is laid out: title line, one task, foot bar with the one primary act, the keys of the screen. */
import { Check } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Kbd } from "./basics.tsx";

export function PageHead({ title, meta, children }: { title: ReactNode; meta?: ReactNode; children?: ReactNode }) {
  return (
    <div className="pagehead">
      <h1 className="title">{title}</h1>
      {meta ? <span className="t2 clip">{meta}</span> : null}
      <span className="push" />
      {children}
    </div>
  );
}

export interface Hint {
  readonly keys: string;
  readonly label: string;
}
export function Hints({ items }: { items: readonly Hint[] }) {
  return (
    <div className="hints">
      {items.map(({ keys, label }) => (
        <span key={keys + label}>
          <Kbd keys={keys} /> {label}
        </span>
      ))}
      <span className="push" />
      <span>
        <Kbd keys="Ctrl K" /> All commands
      </span>
    </div>
  );
}

export function FootBar({ children, actions }: { children?: ReactNode; actions?: ReactNode }) {
  return (
    <div className="footbar">
      {children}
      <span className="push" />
      {actions}
    </div>
  );
}

/** Head, a body that scrolls, foot. `side` stands left of the body (steps, outline), `context` right of it. */
export function Work({
  head,
  side,
  context,
  foot,
  hints,
  children,
}: {
  head?: ReactNode;
  side?: ReactNode;
  context?: ReactNode;
  foot?: ReactNode;
  hints?: readonly Hint[];
  children: ReactNode;
}) {
  return (
    <div className={`screen ${side ? "has-side" : ""} ${context ? "has-context" : ""}`}>
      {side ? <div className="side">{side}</div> : null}
      <div className="mainpart">
        <div>{head}</div>
        <div className="body">{children}</div>
      </div>
      {context ? <ContextPanel>{context}</ContextPanel> : null}
      {foot ? <div className="foot">{foot}</div> : null}
      {hints ? <div className="keys">{<Hints items={hints} />}</div> : null}
    </div>
  );
}

/** What scrolls has to be reached by keyboard; a panel that fits is no stop of the tab key. */
function ContextPanel({ children }: { children: ReactNode }) {
  const panel = useRef<HTMLElement>(null);
  const [scrolls, setScrolls] = useState(false);
  useEffect(() => {
    const element = panel.current;
    if (!element) return;
    const watch = new ResizeObserver(() => setScrolls(element.scrollHeight > element.clientHeight));
    for (const each of [element, ...element.children]) watch.observe(each);
    return () => watch.disconnect();
  });
  return (
    <aside ref={panel} className="context" {...(scrolls ? { tabIndex: 0 } : {})}>
      {children}
    </aside>
  );
}

export function ContextSection({
  title,
  aside,
  children,
}: {
  title?: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section>
      {title ? (
        <div className="row g2 ctx-head">
          <h2 className="section">{title}</h2>
          {aside ? <span className="push">{aside}</span> : null}
        </div>
      ) : null}
      {children}
    </section>
  );
}

export interface Step {
  readonly id: string;
  readonly label: string;
  readonly detail?: string | undefined;
  readonly state: "ok" | "warn" | "todo";
  readonly keys?: string;
}
export function Steps({
  steps,
  current,
  onSelect,
}: {
  steps: readonly Step[];
  current: string;
  onSelect: (id: string) => void;
}) {
  return (
    <ol className="steps" aria-label="Steps">
      {steps.map((step, index) => (
        <li key={step.id} className={step.state} aria-current={step.id === current ? "step" : undefined}>
          <span className="mark">
            {step.state === "ok" ? <Check className="i" aria-hidden /> : step.state === "warn" ? "!" : index + 1}
          </span>
          <button type="button" className="plain" onClick={() => onSelect(step.id)}>
            <b>{step.label}</b>
          </button>
          <span className="keys-of">{step.keys ? <Kbd keys={step.keys} /> : null}</span>
          {step.detail ? <p>{step.detail}</p> : null}
        </li>
      ))}
    </ol>
  );
}

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly count?: number | undefined;
}
export function Segmented({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: string;
  options: readonly Choice[];
  onChange: (value: string) => void;
}) {
  return (
    <div className="seg" role="tablist" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          role="tab"
          aria-selected={option.value === value}
          onClick={() => onChange(option.value)}
        >
          {option.label}
          {option.count === undefined ? null : <span className="ct">{option.count}</span>}
        </button>
      ))}
    </div>
  );
}
export function Tabs({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: string;
  options: readonly Choice[];
  onChange: (value: string) => void;
}) {
  return (
    <div className="tabs" role="tablist" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          role="tab"
          aria-selected={option.value === value}
          onClick={() => onChange(option.value)}
        >
          {option.label}
          {option.count === undefined ? null : <span className="ct">{option.count}</span>}
        </button>
      ))}
    </div>
  );
}
