/** Who wrote what, where more than one person did; and whose amendment each field stands by. */
import type { Output } from "../../api/index.ts";
import { instantText, translate } from "../../ui/index.ts";
import { fieldOf } from "./record-fields.ts";
import { itemWords } from "./record-items.ts";
import { wordOf } from "./words.ts";

type Shown = Output<"exams.record">;

/** By key: the last amendment that says what stands there, as `Priya Raman, 28 Nov 2026, 10:14: typing error`. */
export function amendmentsByKey({ amendments }: Pick<Shown, "amendments">, zone: string): ReadonlyMap<string, string> {
  const signed = amendments.filter(({ status }) => status === null);
  return new Map(
    signed.flatMap(({ author, at, reason, changes }) => {
      const words = translate("record", "amendedHere", { name: author, when: instantText(at, zone, "exact"), reason });
      return changes.map(({ key }) => [key, words] as const);
    }),
  );
}

/** Each person with what they wrote, in words; nothing where one person wrote all. */
function writersIn(
  { writers, signed }: Pick<Shown, "writers" | "signed">,
  zone: string,
): readonly { readonly who: string; readonly until: number; readonly fields: string }[] {
  const people = Map.groupBy(Object.entries(writers), ([, { who }]) => who);
  return [...people].map(([who, wrote]) => ({
    who,
    until: Math.max(...wrote.map(([, { at }]) => at)),
    fields: [...new Set(wrote.map(([key]) => fieldWords(key, signed, zone)))].join("; "),
  }));
}

function fieldWords(key: string, signed: Shown["signed"], zone: string): string {
  const [, list, id] = /^([a-z_]+):([0-9a-f]{32})$/.exec(key) ?? [];
  if (list && id) {
    const { id: _, ...data } = signed.items[list]?.find((item) => item.id === id) ?? { id };
    return `${translate("record", `lists.${list}`)} ${itemWords(list, data, zone)}`;
  }
  const { label, eye } = fieldOf(signed, key);
  return eye ? `${label} ${wordOf(eye).toLowerCase()}` : label;
}

/** The list of them, on screen and on paper. */
export function WritersList({ record, zone }: { record: Shown; zone: string }) {
  return (
    <ul className="rec-writers">
      {writersIn(record, zone).map(({ who, until, fields }) => (
        <li key={who}>
          <b>{who}</b> <span className="t3 tab">{instantText(until, zone, "exact")}</span>
          <p className="small t2">{fields}</p>
        </li>
      ))}
    </ul>
  );
}
