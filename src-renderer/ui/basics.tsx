/** The small parts that every screen is made of. Looks come from base.css; nothing here has a colour of its own. */
import type { LucideIcon } from "lucide-react";
import { AlertTriangle, Check, CircleX, Info, Lock } from "lucide-react";
import { type ButtonHTMLAttributes, createContext, type ReactNode, useContext } from "react";
import { formatMoney } from "../../src-shared/money/money.ts";
import { usePlace } from "./place.ts";

export type Tone = "stop" | "look" | "done" | "info" | "accent";

export function Kbd({ keys }: { keys: string }) {
  return (
    <>
      {keys.split(" ").map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </>
  );
}

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "type"> {
  readonly variant?: "primary" | "default" | "quiet" | "danger";
  readonly size?: "s" | "m" | "big";
  /** The shortcut shown on the button, such as `Ctrl Enter`. */
  readonly keys?: string;
  readonly icon?: LucideIcon;
  /** Why it cannot be pressed now; said beside it, so that no button is dead without a reason. */
  readonly waits?: string | undefined;
  readonly busy?: boolean;
  readonly type?: "button" | "submit";
}

/** Whether buttons stand below a dialog: its primary one that has no key of its own is pressed by Ctrl+Enter. */
export const BelowDialog = createContext(false);

export function Button({
  variant = "default",
  size = "m",
  keys,
  icon: Icon,
  waits,
  busy,
  type = "button",
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  const names = ["btn", variant === "default" ? "" : variant, size === "m" ? "" : size, className ?? ""];
  const blocked = waits !== undefined || busy === true;
  const submits = useContext(BelowDialog) && variant === "primary" && keys === undefined;
  return (
    <span className="row g2">
      {waits ? <span className="small t3">{waits}</span> : null}
      <button
        type={type}
        className={names.filter(Boolean).join(" ")}
        aria-disabled={blocked || undefined}
        aria-keyshortcuts={submits ? "Control+Enter" : undefined}
        onClick={blocked ? (event) => event.preventDefault() : onClick}
        {...rest}
      >
        {Icon ? <Icon className="i s" aria-hidden /> : null}
        {children}
        {keys ? <Kbd keys={keys} /> : null}
        {submits ? (
          <span className="row g2" aria-hidden>
            <Kbd keys="Ctrl Enter" />
          </span>
        ) : null}
      </button>
    </span>
  );
}

export function Chip({
  tone,
  icon: Icon,
  children,
}: {
  tone?: Tone | undefined;
  icon?: LucideIcon | undefined;
  children: ReactNode;
}) {
  return (
    <span className={`chip ${tone ?? ""}`}>
      {Icon ? <Icon className="i" aria-hidden /> : null}
      {children}
    </span>
  );
}

export function Avatar({ initials, size }: { initials: string; size?: "l" }) {
  return (
    <span className={`av ${size ?? ""}`} aria-hidden>
      {initials}
    </span>
  );
}

export const calloutIcons = { stop: CircleX, look: AlertTriangle, done: Check, info: Info } as const;
export function Callout({
  tone = "info",
  title,
  children,
}: {
  tone?: keyof typeof calloutIcons;
  title?: ReactNode;
  children?: ReactNode;
}) {
  const Icon = calloutIcons[tone];
  return (
    <div className={`callout ${tone}`} role={tone === "stop" ? "alert" : "note"}>
      <Icon className="i" aria-hidden />
      <div className="grow">
        {title ? <b>{title}</b> : null} {children}
      </div>
    </div>
  );
}

export function Money({ minor, currency }: { minor: number; currency?: string }) {
  const place = usePlace();
  return <span className="tab">{formatMoney(minor, currency ?? place.currency)}</span>;
}

/** An instant as people read it, in the branch's time zone. */
export function When({ at, mode = "exact" }: { at: number; mode?: "exact" | "date" | "time" | "relative" }) {
  const { timeZone } = usePlace();
  const text = mode === "relative" ? relative(at) : instantText(at, timeZone, mode);
  return (
    <time dateTime={new Date(at).toISOString()} title={instantText(at, timeZone, "exact")} className="tab nowrap">
      {text}
    </time>
  );
}

const styles = {
  exact: { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" },
  /** With its year: for what is kept, as on paper. */
  full: { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" },
  date: { day: "numeric", month: "short", year: "numeric" },
  time: { hour: "2-digit", minute: "2-digit" },
} as const;
export function instantText(at: number, timeZone: string, mode: keyof typeof styles): string {
  return new Intl.DateTimeFormat("en-GB", { ...styles[mode], timeZone }).format(at);
}
/** A calendar date `YYYY-MM-DD` as people read it: `9 Nov 2028`. */
export function dateText(date: string): string {
  return new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }).format(
    new Date(`${date}T12:00:00Z`),
  );
}
export function dayText(date: string): string {
  return new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" }).format(
    new Date(`${date}T12:00:00Z`),
  );
}
/** A day near enough that its month need not be said: `Wed 18`; further away, `18 Dec`. */
export function shortDayText(date: string, now = Date.now()): string {
  const day = new Date(`${date}T12:00:00Z`);
  const near = Math.abs(day.getTime() - now) < 21 * 86_400_000;
  return new Intl.DateTimeFormat("en-GB", {
    ...(near ? { weekday: "short", day: "numeric" } : { day: "numeric", month: "short" }),
    timeZone: "UTC",
  }).format(day);
}
export function relative(at: number, now = Date.now()): string {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return "now";
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h`;
  return `${Math.floor(hours / 24)} d`;
}

/** How far something is, 0 to 1; null while nobody knows. */
export function ProgressBar({ label, done }: { label: string; done: number | null }) {
  return (
    <div className="bar">
      <progress aria-label={label} {...(done !== null && { max: 1, value: done })} />
    </div>
  );
}

/** Both in megabytes, for "12 of 111 MB"; of a few, with a decimal, so that something moves. */
export function megabytes({ done, total }: { done: number; total: number }): { done: string; total: string } {
  const step = total < 10e6 ? 1e5 : 1e6;
  const text = (steps: number) => ((steps * step) / 1e6).toFixed(step === 1e5 ? 1 : 0);
  return { done: text(Math.floor(done / step)), total: text(Math.ceil(total / step)) };
}

export function EmptyState({
  icon: Icon,
  title,
  children,
  action,
}: {
  icon?: LucideIcon;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="empty">
      {Icon ? <Icon className="i l" aria-hidden /> : null}
      <p className="section">{title}</p>
      {children ? <div className="t2">{children}</div> : null}
      {action}
    </div>
  );
}

export function ErrorState({ error, retry }: { error: { message: string }; retry?: () => void }) {
  return (
    <div className="empty" role="alert">
      <CircleX className="i l is-stop" aria-hidden />
      <p className="section">{error.message}</p>
      {retry ? <Button onClick={retry}>Try again</Button> : null}
    </div>
  );
}

export function LockNote({ children }: { children: ReactNode }) {
  return (
    <span className="chip">
      <Lock className="i" aria-hidden />
      {children}
    </span>
  );
}
