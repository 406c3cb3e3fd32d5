/** What an amendment changes, field by field in words: the old struck, the new beside it. */
import type { ExamContent } from "../../../src-shared/exams/record-content.ts";
import { usePlace, useT } from "../../ui/index.ts";
import { Words } from "./record-body.tsx";
import { fieldOf, valueWords } from "./record-fields.ts";
import { itemWords } from "./record-items.ts";

export function Changes({
  changes,
  content,
}: {
  changes: readonly { readonly key: string; readonly from?: unknown; readonly to?: unknown }[];
  content: ExamContent;
}) {
  const t = useT("record");
  const { timeZone } = usePlace();
  return (
    <dl className="rec-changes">
      {changes.map(({ key, from, to }) => {
        const list = /^([a-z_]+):/.exec(key)?.[1];
        const field = list ? null : fieldOf(content, key);
        const words = (value: unknown) =>
          value === null || value === undefined
            ? ""
            : list
              ? itemWords(list, value as Record<string, unknown>, timeZone)
              : field
                ? valueWords(field, value)
                : "";
        const eye =
          field?.eye === "r" ? t("right") : field?.eye === "l" ? t("left") : field?.eye === "b" ? t("both") : "";
        return (
          <div key={key}>
            <dt>
              {list ? t(`lists.${list}`) : field?.label}
              {eye ? <span className="t3"> {eye.toLowerCase()}</span> : null}
            </dt>
            <dd>
              <Words said={{ text: words(to), was: words(from) }} />
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
