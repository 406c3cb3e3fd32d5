/** Fields: the label above, the verdict beside, and they understand how people type. */
import { AlertTriangle, Check, CircleX } from "lucide-react";
import { type InputHTMLAttributes, type ReactNode, type Ref, useEffect, useId, useRef, useState } from "react";
import { checkEye, emptyEye, formatAxis, formatPower, parseAxis, parsePower } from "../../src-shared/optics/index.ts";
import { useLimits } from "./limits.ts";
import { readDate } from "./read-date.ts";

interface Verdict {
  readonly error?: string | null | undefined;
  readonly warning?: string | null | undefined;
  readonly hint?: string | undefined;
}
function Message({ id, error, warning, hint }: Verdict & { id: string }) {
  if (error) {
    return (
      <p className="msg is-stop" id={id} role="alert">
        <CircleX className="i" aria-hidden />
        {error}
      </p>
    );
  }
  if (warning) {
    return (
      <p className="msg is-look" id={id}>
        <AlertTriangle className="i" aria-hidden />
        {warning}
      </p>
    );
  }
  return hint ? (
    <p className="small t3" id={id}>
      {hint}
    </p>
  ) : null;
}

export interface TextInputProps
  extends Verdict,
    Omit<InputHTMLAttributes<HTMLInputElement>, "value" | "onChange" | "size"> {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly unit?: ReactNode;
  /** Rows of a text area. */
  readonly multiline?: number;
  readonly hideLabel?: boolean;
  readonly onEnter?: () => void;
  /** Arrow down (1) and up (-1) walk what stands below. */
  readonly onArrow?: (by: 1 | -1) => void;
  readonly inputRef?: Ref<HTMLInputElement>;
}
export function TextInput({
  label,
  value,
  onChange,
  error: stated,
  warning,
  hint,
  unit,
  multiline,
  hideLabel,
  onEnter,
  onArrow,
  inputRef,
  className,
  ...rest
}: TextInputProps) {
  const id = useId();
  const message = `${id}-m`;
  const [refused, setRefused] = useState<string | null>(null);
  const error = stated ?? refused;
  const tone = error ? "is-stop" : warning ? "is-look" : "";
  return (
    <div className={`field ${className ?? ""}`}>
      <label className={hideLabel ? "vh" : "label"} htmlFor={id}>
        {label}
      </label>
      {multiline ? (
        <textarea
          id={id}
          className={`input area ${tone}`}
          rows={multiline}
          value={value}
          aria-describedby={message}
          aria-invalid={Boolean(error)}
          onChange={(event) => onChange(event.target.value)}
          onBlur={rest.onBlur as never}
        />
      ) : (
        <span className={`input ${tone}`}>
          <input
            id={id}
            ref={inputRef}
            value={value}
            aria-describedby={message}
            aria-invalid={Boolean(error)}
            onChange={(event) => {
              setRefused(null);
              onChange(event.target.value);
            }}
            onInvalid={({ currentTarget: { validity } }) =>
              setRefused(validity.valueMissing ? "This is needed." : "This cannot be read. Check how it is written.")
            }
            onKeyDown={(event) => {
              if (event.key === "Enter" && onEnter && !event.ctrlKey && !event.metaKey && !event.altKey) {
                event.preventDefault();
                onEnter();
              } else if (onArrow && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
                event.preventDefault();
                onArrow(event.key === "ArrowDown" ? 1 : -1);
              }
            }}
            {...rest}
          />
          {unit ? <span className="unit">{unit}</span> : null}
        </span>
      )}
      <Message id={message} error={error} warning={warning} hint={hint} />
    </div>
  );
}

export function Select({
  label,
  value,
  options,
  onChange,
  hideLabel,
}: {
  label: string;
  value: string;
  options: readonly { value: string; label: string }[];
  onChange: (value: string) => void;
  hideLabel?: boolean;
}) {
  const id = useId();
  return (
    <div className="field">
      <label className={hideLabel ? "vh" : "label"} htmlFor={id}>
        {label}
      </label>
      <select id={id} className="input" value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}

export function Checkbox({
  label,
  checked,
  onChange,
}: {
  label: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  return (
    <label className="row g2 tick">
      <input type="checkbox" className="vh" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      <span className={`check ${checked ? "on" : ""}`} aria-hidden>
        <Check className="i" />
      </span>
      <span>{label}</span>
    </label>
  );
}

/**
 * A day, typed as people type it. What cannot be read is no date: whoever holds the value gets the empty one, never an
 * earlier reading of a half-typed text, and the field says so when it is left or `everythingRead` asks.
 */
export function DateInput({
  label,
  value,
  onChange,
  error,
  past = false,
  onBlur,
  ...rest
}: Omit<TextInputProps, "value" | "onChange" | "inputRef"> & {
  value: string;
  onChange: (date: string) => void;
  /** The day is over, as a birthday is: a year of two digits is one of the past hundred. */
  past?: boolean;
}) {
  const [text, setText] = useState(shown(value));
  const [bad, setBad] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const date = text.trim() ? readDate(text, { past }) : "";
  useEffect(() => {
    // Whoever types is not written over by what their own first letters mean.
    if (value && document.activeElement !== field.current) {
      setText(shown(value));
      setBad(false);
    }
  }, [value]);
  useEffect(() => field.current?.setCustomValidity(date === null ? noDate : ""), [date]);
  return (
    <TextInput
      label={label}
      value={text}
      placeholder={past ? "31/12/1958" : "31/12/2030"}
      error={bad ? noDate : error}
      onChange={(next) => {
        setText(next);
        setBad(false);
        const day = (next.trim() && readDate(next, { past })) || "";
        if (day !== value) onChange(day);
      }}
      onBlur={(event) => {
        setBad(date === null);
        if (date) setText(shown(date));
        onBlur?.(event);
      }}
      onInvalid={() => setBad(date === null)}
      inputRef={field}
      {...rest}
    />
  );
}
const noDate = "Not a day of the calendar. Write it like 31/12/1958.";
function shown(date: string): string {
  const [year, month, day] = date.split("-");
  return day ? `${day}/${month}/${year}` : "";
}

/**
 * A power in milli-dioptres, typed as the profession types it; `+` and `−` step a quarter. What the practice holds for
 * impossible is refused, what is unusual there is said below it.
 */
export function PowerInput({
  label,
  value,
  onChange,
  quantity,
  ghost,
  hideLabel,
}: {
  label: string;
  value: number | null;
  onChange: (value: number | null) => void;
  quantity: "sphere" | "cylinder" | "add";
  ghost?: number | null;
  hideLabel?: boolean;
}) {
  const { rx } = useLimits();
  const unusual = checkEye({ ...emptyEye, [quantity]: value }, rx).find(({ code }) => code === "unusual");
  return (
    <ParsedInput
      label={label}
      warning={unusual?.message}
      shown={value === null ? "" : formatPower(value)}
      ghost={ghost === undefined ? null : ghost === null ? "" : formatPower(ghost)}
      {...(hideLabel ? { hideLabel } : {})}
      read={(text) => {
        const parsed = parsePower(text, quantity, rx);
        return parsed.ok ? { value: parsed.value } : { error: parsed.message };
      }}
      step={(by) => onChange((value ?? 0) + by * 250)}
      onChange={onChange}
    />
  );
}
export function AxisInput({
  label,
  value,
  onChange,
  ghost,
  hideLabel,
}: {
  label: string;
  value: number | null;
  onChange: (value: number | null) => void;
  ghost?: number | null;
  hideLabel?: boolean;
}) {
  return (
    <ParsedInput
      label={label}
      shown={value === null ? "" : formatAxis(value)}
      ghost={ghost === undefined ? null : ghost === null ? "" : formatAxis(ghost)}
      {...(hideLabel ? { hideLabel } : {})}
      read={(text) => {
        const parsed = parseAxis(text);
        return parsed.ok ? { value: parsed.value } : { error: parsed.message };
      }}
      step={(by) => onChange((((value ?? 180) + by * 5 + 179) % 180) + 1)}
      onChange={onChange}
    />
  );
}

function ParsedInput({
  label,
  warning,
  shown: display,
  ghost,
  hideLabel,
  read,
  step,
  onChange,
}: {
  label: string;
  warning?: string | undefined;
  shown: string;
  /** What stood there before, empty where nothing did; null where a field has no place for it. */
  ghost: string | null;
  hideLabel?: boolean;
  read: (text: string) => { value: number } | { error: string };
  step: (by: 1 | -1) => void;
  onChange: (value: number | null) => void;
}) {
  const id = useId();
  const [text, setText] = useState(display);
  const [error, setError] = useState<string | null>(null);
  const before = useRef(display);
  useEffect(() => {
    if (before.current === display) return;
    before.current = display;
    setText(display);
    setError(null);
  }, [display]);
  function commit(): boolean {
    const typed = text.trim();
    const parsed = typed === "" || typed === display ? null : read(text);
    if (parsed && "error" in parsed) {
      setError(parsed.error);
      return false;
    }
    setError(null);
    if (typed !== display) onChange(parsed ? parsed.value : null);
    return true;
  }
  return (
    <div className="field power">
      <label className={hideLabel ? "vh" : "label"} htmlFor={id}>
        {label}
      </label>
      <span className={`input ${ghost === null ? "" : "ghosting"} ${error ? "is-stop" : warning ? "is-look" : ""}`}>
        <input
          id={id}
          value={text}
          inputMode="decimal"
          autoComplete="off"
          aria-invalid={error !== null}
          aria-describedby={`${id}-m`}
          onChange={(event) => setText(event.target.value)}
          onBlur={commit}
          onFocus={(event) => event.target.select()}
          onKeyDown={(event) => {
            if (event.ctrlKey || event.metaKey || event.altKey) return;
            if (event.key === "Enter") {
              event.preventDefault();
              if (commit()) focusNext(event.currentTarget, event.shiftKey);
            } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
              event.preventDefault();
              step(event.key === "ArrowUp" ? 1 : -1);
            }
          }}
        />
        {ghost === null ? null : <span className="ghosted tab">{ghost}</span>}
      </span>
      <Message id={`${id}-m`} error={error} warning={warning} />
    </div>
  );
}

/** Enter moves on, Shift+Enter back, in the order of work. */
export function focusNext(from: HTMLElement, back = false): void {
  const fields = [
    ...document.querySelectorAll<HTMLElement>("input:not([type=hidden]):not(:disabled), select, textarea, button.btn"),
  ].filter((field) => field.offsetParent !== null);
  const index = fields.indexOf(from);
  fields[index + (back ? -1 : 1)]?.focus();
}
