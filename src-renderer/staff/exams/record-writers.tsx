/** Who wrote what, where more than one person did; and whose amendment each field stands by. */
import type { Output } from "../../api/index.ts";
import { instantText, translate } from "../../ui/index.ts";
import { fieldOf } from "./record-fields.ts";
import { itemWords } from "./record-items.ts";
import { orderOfLines } from "./record-order.ts";
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
    fields: fieldsInWords(
      wrote.map(([key]) => key),
      signed,
      zone,
    ),
  }));
}

/** In the order of the record: fields of both eyes as one, then what lists hold. */
function fieldsInWords(keys: readonly string[], signed: Shown["signed"], zone: string): string {
  const isEntry = (key: string) => /^[a-z_]+:[0-9a-f]{32}$/.test(key);
  const fields = keys.filter((key) => !isEntry(key)).map((key) => fieldOf(signed, key));
  const lines = [...Map.groupBy(fields, ({ line }) => line)]
    .map(([line, of]) => ({ at: orderOfLines.indexOf(line), of }))
    .sort((a, b) => (a.at < 0 ? orderOfLines.length : a.at) - (b.at < 0 ? orderOfLines.length : b.at))
    .map(({ of }) => {
      const eyes = (["r", "l", "b"] as const).filter((side) => of.some(({ eye }) => eye === side));
      return [of[0]?.label, eyes.map((eye) => wordOf(eye).toLowerCase()).join(", ")].filter(Boolean).join(" ");
    });
  const entries = keys.filter(isEntry).map((key) => entryWords(key, signed, zone));
  return [...new Set([...lines, ...entries])].join("; ");
}

function entryWords(key: string, signed: Shown["signed"], zone: string): string {
  const [list = "", id = ""] = key.split(":");
  const { id: _, ...data } = signed.items[list]?.find((item) => item.id === id) ?? { id };
  return `${translate("record", `lists.${list}`)} ${itemWords(list, data, zone)}`;
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
