/** Records that were merged into this one, and the way back. */
import { useAct } from "../../api/index.ts";
import { ConfirmButton, ContextSection, dateText, notify, useT } from "../../ui/index.ts";
import type { Summary } from "./entry.ts";
import { fieldLabel } from "./fields.ts";

export function MergedSection({ data, mayMerge }: { data: Summary; mayMerge: boolean }) {
  const t = useT("patients");
  const undo = useAct("patients.unmerge");
  if (data.merged.length === 0) return null;
  const bringBack = (id: string) =>
    void undo
      .act({ id })
      .then(({ edited }) =>
        notify({
          tone: edited.length > 0 ? "look" : "done",
          title: t("unmerged"),
          ...(edited.length > 0 ? { body: t("unmergedBut", { fields: edited.map(fieldLabel).join(", ") }) } : {}),
        }),
      )
      .catch((error: Error) => notify({ tone: "stop", title: error.message }));
  return (
    <ContextSection title={t("alsoOnFile")}>
      <ul className="fam">
        {data.merged.map((row) => (
          <li key={row.id}>
            <span className="grow">
              {row.given_name} {row.family_name}
              <span className="small t3 block tab">
                {[row.number, dateText(row.date_of_birth), row.phone].filter(Boolean).join(" · ")}
              </span>
            </span>
            {mayMerge ? (
              <ConfirmButton
                size="s"
                title={t("unmergeTitle", { who: `${row.given_name} ${row.family_name}` })}
                text={t("unmergeText")}
                confirm={t("unmerge")}
                onConfirm={() => bringBack(row.id)}
              >
                {t("unmerge")}
              </ConfirmButton>
            ) : null}
          </li>
        ))}
      </ul>
    </ContextSection>
  );
}
