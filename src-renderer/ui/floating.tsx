/** What floats above the work: dialogs and toasts. */
import { X } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useSyncExternalStore } from "react";
import { BelowDialog, calloutIcons } from "./basics.tsx";

export function Dialog({
  title,
  open,
  onClose,
  children,
  actions,
}: {
  title: string;
  open: boolean;
  onClose: () => void;
  children: ReactNode;
  actions?: ReactNode;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (!dialog) return;
    if (open && !dialog.open) {
      dialog.showModal();
      // The browser would put the focus on the button that closes it; who opened it wants to type.
      dialog
        .querySelector<HTMLElement>(".dialog-body :is(input:not([type=checkbox]), select, textarea):not(:disabled)")
        ?.focus();
    }
    if (!open && dialog.open) dialog.close();
  }, [open]);
  return (
    <dialog ref={ref} className="dialog" aria-labelledby={id} onClose={onClose} onKeyDown={pressPrimary}>
      {open ? (
        <div className="dialog-in">
          <div className="row g3 dialog-head">
            <h2 id={id} className="title">
              {title}
            </h2>
            <span className="push" />
            <button type="button" className="btn quiet s" aria-label="Close" onClick={onClose}>
              <X className="i s" aria-hidden />
            </button>
          </div>
          <div className="dialog-body">{children}</div>
          {actions ? (
            <div className="row g3 dialog-foot">
              <BelowDialog value={true}>{actions}</BelowDialog>
            </div>
          ) : null}
        </div>
      ) : null}
    </dialog>
  );
}

/** Ctrl+Enter does what the dialog is for, never what the screen below it would do. */
function pressPrimary(event: KeyboardEvent<HTMLDialogElement>): void {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
  if ((event.target as HTMLElement).closest("dialog") !== event.currentTarget) return;
  const button = event.currentTarget.querySelector<HTMLElement>(".dialog-foot [aria-keyshortcuts]");
  if (!button) return;
  event.preventDefault();
  event.stopPropagation();
  button.click();
}

export interface Notice {
  readonly tone?: "done" | "look" | "stop" | "info";
  readonly title: string;
  readonly body?: string;
}
interface Shown extends Notice {
  readonly id: number;
}
let notices: readonly Shown[] = [];
let nextId = 1;
const watchers = new Set<() => void>();
function publish(next: readonly Shown[]): void {
  notices = next;
  for (const watch of watchers) watch();
}

function dismiss(id: number): void {
  publish(notices.filter((other) => other.id !== id));
}

/** Says something in passing; it goes by itself, what must be decided stands in *needs attention*. */
export function notify(notice: Notice): void {
  const id = nextId++;
  // Said again, it stands once, as the latest.
  const others = notices.filter(({ title, body }) => title !== notice.title || body !== notice.body);
  publish([...others.slice(-3), { ...notice, id }]);
  setTimeout(() => dismiss(id), notice.tone === "stop" ? 12_000 : 6_000);
}

export function Toasts() {
  const list = useSyncExternalStore(
    (watch) => {
      watchers.add(watch);
      return () => watchers.delete(watch);
    },
    () => notices,
  );
  return (
    <div className="toasts" role="status" aria-live="polite">
      {list.map(({ id, tone = "info", title, body }) => {
        const Icon = calloutIcons[tone];
        return (
          <div key={id} className={`callout ${tone}`}>
            <Icon className="i" aria-hidden />
            <div className="grow">
              <b>{title}</b>
              {body ? <div className="t2">{body}</div> : null}
            </div>
            <button type="button" className="btn quiet s" aria-label="Close" onClick={() => dismiss(id)}>
              <X className="i s" aria-hidden />
            </button>
          </div>
        );
      })}
    </div>
  );
}
