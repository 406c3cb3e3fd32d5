/** The versions of a table: which is in force, which waits for its day, which is over; and what each changed. */
import { addDays } from "../../../src-shared/calendar/index.ts";
import { asDelivered, builtInTables, type LimitTable, tablesOf } from "../../../src-shared/optics/index.ts";
import { Chip, ConfirmButton, dateText, useT, When } from "../../ui/index.ts";
import { changesBetween } from "./changes.ts";
import type { Editing, KeptVersion } from "./use-editing.ts";

/** More than so many changed numbers are counted, not listed. */
const listed = 4;

export function LimitHistory({ table, editing }: { table: LimitTable; editing: Editing }) {
  const t = useT("limits");
  const versions = editing.versionsOf(table);
  if (versions.length === 0) return null;
  const inForce = editing.inForce(table);
  const name = t(`tables.${table}`);
  return (
    <section className="limit-history">
      <h3 className="small t2">{t("history", { table: name })}</h3>
      <ol>
        {versions.map((version, index) => {
          const state = version.from > editing.today ? "waits" : version.id === inForce?.id ? "inForce" : "over";
          // Of one day only the last counts, the others never did for a whole day.
          const next = versions.slice(0, index).findLast(({ from }) => from > version.from);
          return (
            <li key={version.id}>
              <Chip tone={state === "inForce" ? "done" : state === "waits" ? "look" : undefined}>{t(state)}</Chip>
              <span className="tab nowrap">
                {next
                  ? t("between", { from: dateText(version.from), to: dateText(addDays(next.from, -1)) })
                  : t("fromDay", { date: dateText(version.from) })}
              </span>
              <Changes version={version} before={versions[index + 1]} />
              <span className="small t3 nowrap">
                {t("savedBy")} {version.who}, <When at={version.at} />
              </span>
              {state === "waits" ? (
                <ConfirmButton
                  size="s"
                  title={t("withdrawTitle")}
                  text={t("withdrawText")}
                  confirm={t("withdraw")}
                  onConfirm={() => editing.withdraw(version.id)}
                >
                  {t("withdraw")}
                </ConfirmButton>
              ) : state === "inForce" && version.value !== asDelivered ? (
                <ConfirmButton
                  size="s"
                  title={t("asDeliveredTitle", { table: name })}
                  text={t("asDeliveredText")}
                  confirm={t("asDelivered")}
                  onConfirm={() => editing.reset(table)}
                >
                  {t("asDelivered")}
                </ConfirmButton>
              ) : null}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** What a version says otherwise than the one before it. */
function Changes({ version, before }: { version: KeptVersion; before: KeptVersion | undefined }) {
  const t = useT("limits");
  const { table } = version;
  if (version.value === asDelivered) return <span>{t("asBefore")}</span>;
  const earlier = before ? tablesOf({ [table]: before.value }).tables[table] : builtInTables[table];
  const changes = changesBetween(table, earlier, tablesOf({ [table]: version.value }).tables[table], t);
  return (
    <span>
      {changes
        .slice(0, listed)
        .map(({ name, from, to, unit }) => `${name}: ${from || t("open")} ${t("to")} ${to || t("open")} ${unit}`.trim())
        .join("; ")}
      {changes.length > listed ? ` ${t("more", { count: changes.length - listed })}` : ""}
    </span>
  );
}
