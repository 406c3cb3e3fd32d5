/** Which column of a file is what: proposed by its name, shown with what stands in it, changed by a person. */
import { useState } from "react";
import { targets } from "../../../../src-shared/patients/import/columns.ts";
import { type ImportKind, importKinds } from "../../../../src-shared/patients/import/finding.ts";
import { type Input, useAct } from "../../../api/index.ts";
import { Callout, Segmented, Select, useT } from "../../../ui/index.ts";
import type { ChosenFile } from "./files.tsx";
import { refreshDesk } from "./upload.ts";

type CsvView = Extract<ChosenFile, { form: "csv" }>;
type Reading = Input<"imports.read">["reading"];

export function ColumnsStep({ files }: { files: readonly ChosenFile[] }) {
  const t = useT("moving");
  const [chosen, setChosen] = useState<string | null>(null);
  // Where something is still to be said comes first.
  const open = files.find(({ lacks }) => lacks.length > 0) ?? files[0];
  const file = files.find(({ id }) => id === chosen) ?? open;
  if (!file) return null;
  return (
    <>
      {files.length > 1 ? (
        <div className="pad">
          <Segmented
            label={t("steps.files")}
            value={file.id}
            onChange={setChosen}
            options={files.map(({ id, name, lacks }) => ({ value: id, label: lacks.length > 0 ? `${name} !` : name }))}
          />
        </div>
      ) : null}
      {file.form === "csv" ? (
        <Columns key={file.id} file={file} />
      ) : (
        <div className="pad stack">
          <Callout title={t("fhir")}>
            {t("fhirText", { patients: file.patients, prescriptions: file.prescriptions })}{" "}
            {file.others.length > 0
              ? t("fhirOthers", { list: file.others.map(({ type, count }) => `${count} ${type}`).join(", ") })
              : null}
          </Callout>
        </div>
      )}
    </>
  );
}

function Columns({ file }: { file: CsvView }) {
  const t = useT("moving");
  const read = useAct("imports.read");
  const change = (reading: Reading) =>
    void read
      .act({ id: file.id, reading })
      .then(refreshDesk)
      .catch(() => {});
  // Which of day and month comes first is asked by itself, below.
  const missing = file.lacks.filter((target) => target !== "date_order");
  const options = [
    { value: "", label: t("nothing") },
    ...targets[file.kind].map(({ target }) => ({ value: target, label: t(`targets.${target}`) })),
  ];
  return (
    <>
      <div className="pad stack">
        <div className="reading">
          <Select
            label={t("holds")}
            value={file.kind}
            options={importKinds.map((kind) => ({ value: kind, label: t(`kinds.${kind}`) }))}
            onChange={(kind) => change({ kind: kind as ImportKind })}
          />
          {file.kind === "balances" ? (
            <Select
              label={t("positive")}
              value={file.positive}
              options={(["owes", "credit"] as const).map((sign) => ({ value: sign, label: t(`positives.${sign}`) }))}
              onChange={(positive) => change({ positive: positive as "owes" | "credit" })}
            />
          ) : (
            <Select
              label={t("order")}
              value={file.dateOrder ?? ""}
              options={[
                ...(file.dateOrder === null ? [{ value: "", label: t("orders.ask") }] : []),
                ...(["dmy", "mdy"] as const).map((order) => ({ value: order, label: t(`orders.${order}`) })),
              ]}
              onChange={(order) => (order === "" ? undefined : change({ dateOrder: order as "dmy" | "mdy" }))}
            />
          )}
          <p className="small t3">
            {t("parted", { encoding: t(`encoding.${file.encoding}`), separator: t(`separators.${file.separator}`) })}.{" "}
            {t("remembered")}
          </p>
        </div>
        {missing.length > 0 ? (
          <Callout tone="stop">
            {t("lacks", { what: missing.map((target) => t(`targets.${target}`)).join(", ") })}
          </Callout>
        ) : null}
        {file.unclosed !== null ? (
          <Callout tone="stop" title={t("unclosedTitle")}>
            {t("unclosedText", { line: file.unclosed })}
          </Callout>
        ) : null}
        {file.orderFrom === "nobody" || file.orderFrom === "others" ? (
          <Callout tone="look">{t(file.orderFrom === "nobody" ? "orderUnsure" : "orderAlike")}</Callout>
        ) : null}
        {read.error ? <Callout tone="stop">{read.error.message}</Callout> : null}
      </div>
      <table className="tbl mapping">
        <thead>
          <tr>
            <th>{t("column")}</th>
            <th>{t("samples")}</th>
            <th>{t("becomes")}</th>
          </tr>
        </thead>
        <tbody>
          {file.columns.map(({ index, header, target, samples }) => (
            <tr key={index} className={target === null ? "left-out" : ""}>
              <td>
                <b>{header || "–"}</b>
              </td>
              <td className="t2 tab">{samples.join(" · ") || "–"}</td>
              <td>
                <Select
                  label={`${header}: ${t("becomes")}`}
                  hideLabel
                  value={target ?? ""}
                  options={options}
                  onChange={(value) => change({ column: { index, target: value === "" ? null : value } })}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
