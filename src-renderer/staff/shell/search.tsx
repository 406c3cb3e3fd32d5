/** One box for everything, by keyboard or by scanner. */
import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { call, type Output, useLive } from "../../api/index.ts";
import { go, Kbd, notify, translate, useShortcuts, useT } from "../../ui/index.ts";
import { useScanner } from "./use-scanner.ts";

const screens = { patient: "patients", job: "lab", sale: "till/receipt", case: "cases" } as const;

export function UniversalSearch() {
  const t = useT("shell");
  const [text, setText] = useState("");
  const [shown, setShown] = useState(false);
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
  useScanner((code) => {
    void call("search.scanned", { code }).then(({ item }) => {
      setText("");
      if (item) openFound(item);
      else notify({ tone: "look", title: t("notScanned", { code }) });
    });
  });

  function choose(index: number): void {
    const item = items[index];
    if (!item) return;
    setText("");
    setShown(false);
    box.current?.blur();
    openFound(item);
  }
  return (
    <search className="search">
      <Search className="i" aria-hidden />
      <input
        ref={box}
        role="combobox"
        aria-label={t("search")}
        aria-expanded={shown && items.length > 0}
        aria-controls="found-everything"
        aria-activedescendant={items[at] ? `found-${at}` : undefined}
        placeholder={t("search")}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
          setShown(true);
        }}
        onFocus={() => setShown(true)}
        // At once: a press on what was found takes it before the box loses the focus, and a box that is entered again
        // straight away keeps its list open.
        onBlur={() => setShown(false)}
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
      {shown && text.trim().length >= 2 ? (
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
              <span className="small t3 nowrap">{standing(item)}</span>
            </div>
          ))}
        </div>
      ) : null}
    </search>
  );
}

/** What is said at the end of a found row: where a job, a sale or a case stands, in words. */
export function standing({ kind, meta }: Pick<Output<"search.universal">["items"][number], "kind" | "meta">): string {
  const words = { job: ["lab", "stage"], sale: ["dispensing", "status"], case: ["cases", "status"] } as const;
  if (kind === "patient" || kind === "product") return meta;
  const [feature, list] = words[kind];
  return translate(feature, `${list}.${meta}`, { defaultValue: meta });
}

/** Opens what was found; a product has no screen of its own, what people want to know of it is said at once. */
export function openFound({
  kind,
  id,
  title,
  subtitle,
  meta,
  here,
}: Output<"search.universal">["items"][number]): void {
  if (kind !== "product") {
    go(`/${screens[kind]}/${id}`);
    return;
  }
  const stock = here === null || here === undefined ? "" : translate("shell", "stockHere", { count: here });
  notify({ tone: "info", title: `${title}, ${meta}`, body: [subtitle, stock].filter(Boolean).join(" · ") });
}
