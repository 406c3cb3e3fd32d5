/** One box for everything, by keyboard or by scanner. */
import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { call, useLive } from "../../api/index.ts";
import { go, Kbd, useShortcuts, useT } from "../../ui/index.ts";

const screens = { patient: "patients", job: "lab", sale: "till/receipt", case: "cases" } as const;
/** A scanner types faster than any hand, milliseconds between two keys. */
const scannerPace = 40;

export function UniversalSearch() {
  const t = useT("shell");
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const box = useRef<HTMLInputElement>(null);
  const found = useLive("search.universal", { text }, { enabled: text.trim().length >= 2 });
  const items = text.trim().length >= 2 ? (found.data?.items ?? []) : [];
  // Enter waits for the answer to what is typed now, and never takes one to the text before.
  const [asked, setAsked] = useState<string | null>(null);
  const fresh = found.isSuccess && !found.isPlaceholderData;
  const latest = useRef(choose);
  latest.current = choose;
  useEffect(() => {
    if (asked === null || (asked === text && !fresh)) return;
    setAsked(null);
    if (asked === text) latest.current(0);
  }, [asked, text, fresh]);
  useShortcuts([{ keys: "/", label: t("search"), group: "Horopter", run: () => box.current?.focus() }]);
  useScanner();

  function choose(index: number): void {
    const item = items[index];
    if (!item) return;
    setText("");
    setOpen(false);
    box.current?.blur();
    go(`/${screens[item.kind]}/${item.id}`);
  }
  return (
    <search className="search">
      <Search className="i" aria-hidden />
      <input
        ref={box}
        role="combobox"
        aria-label={t("search")}
        aria-expanded={open && items.length > 0}
        aria-controls="found-everything"
        aria-activedescendant={items[at] ? `found-${at}` : undefined}
        placeholder={t("search")}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setTimeout(() => setOpen(false), 120)}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault();
            setAt((index) => Math.max(0, Math.min(items.length - 1, index + (event.key === "ArrowDown" ? 1 : -1))));
          } else if (event.key === "Enter") {
            if (fresh) choose(at);
            else setAsked(text);
          } else if (event.key === "Escape") {
            setText("");
            box.current?.blur();
          }
        }}
      />
      <Kbd keys="/" />
      {open && text.trim().length >= 2 ? (
        <div className="found" id="found-everything" role="listbox" aria-label={t("search")}>
          {items.length === 0 && found.isSuccess ? <p className="small t3 pad">{t("nothingFound")}</p> : null}
          {items.map((item, index) => (
            <div
              key={item.kind + item.id}
              id={`found-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              onMouseDown={() => choose(index)}
            >
              <span className="small t3 found-kind">{t(`kinds.${item.kind}`)}</span>
              <span className="grow clip">
                <b>{item.title}</b> <span className="t2">{item.subtitle}</span>
              </span>
              <span className="small t3 nowrap">{item.meta}</span>
            </div>
          ))}
        </div>
      ) : null}
    </search>
  );
}

/** Scanning anywhere opens what was scanned. */
function useScanner(): void {
  useEffect(() => {
    let scanned = "";
    let last = 0;
    const listen = (event: KeyboardEvent) => {
      const pace = event.timeStamp - last;
      last = event.timeStamp;
      if (event.ctrlKey || event.altKey || event.metaKey) {
        // A scanner holds no such key: this is somebody's shortcut.
        scanned = "";
        return;
      }
      if (event.key === "Enter") {
        const text = scanned;
        scanned = "";
        if (text.length < 4 || pace > scannerPace) return;
        event.preventDefault();
        void call("search.universal", { text }).then(({ items }) => {
          const [item] = items;
          if (item) go(`/${screens[item.kind]}/${item.id}`);
        });
      } else if (event.key.length === 1) scanned = pace <= scannerPace ? scanned + event.key : event.key;
    };
    window.addEventListener("keydown", listen, true);
    return () => window.removeEventListener("keydown", listen, true);
  }, []);
}
