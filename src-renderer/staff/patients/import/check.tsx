/** What a dry run found: how much comes, and every line that does not, with why. */
import { Check, FileDown } from "lucide-react";
import { useState } from "react";
import { call, type Output, useLive } from "../../../api/index.ts";
import { Button, Callout, EmptyState, Money, ProgressBar, Segmented, useShortcuts, useT } from "../../../ui/index.ts";
import { count, Pages } from "./pages.tsx";
import { saveText } from "./upload.ts";

export type Report = NonNullable<Output<"imports.report">>;

export function Checking({ done, total }: { done: number; total: number }) {
  const t = useT("moving");
  const label = t("checking", { done: count(done), total: count(total) });
  return (
    <div className="pad stack working">
      <p className="section tab">{label}</p>
      <ProgressBar label={label} done={total === 0 ? null : done / total} />
      <p className="t2">{t("checkingText")}</p>
    </div>
  );
}

export function CheckStep({ report, onAgain }: { report: Report; onAgain: () => void }) {
  const t = useT("moving");
  const [severity, setSeverity] = useState<"bad" | "look">(report.bad > 0 ? "bad" : "look");
  const save = async () => {
    const { files } = await call("imports.badLines");
    for (const { name, text } of files) saveText(name, text);
  };
  useShortcuts([{ keys: "S", label: t("saveBad"), group: t("title"), when: report.bad > 0, run: () => void save() }]);
  return (
    <>
      <Counts report={report} />
      {report.bad === 0 && report.look === 0 ? (
        <EmptyState icon={Check} title={t("allGood")}>
          {t("allGoodText")}
        </EmptyState>
      ) : (
        <>
          <div className="pad row g3">
            <Segmented
              label={t("reason")}
              value={severity}
              onChange={(value) => setSeverity(value as "bad" | "look")}
              options={[
                { value: "bad", label: t("bad"), count: report.bad },
                { value: "look", label: t("look"), count: report.look },
              ]}
            />
            <span className="push" />
            {report.bad > 0 ? (
              <>
                <Button icon={FileDown} keys="S" onClick={() => void save()}>
                  {t("saveBad")}
                </Button>
                <Button onClick={onAgain}>{t("again")}</Button>
              </>
            ) : null}
          </div>
          {report.bad > 0 && severity === "bad" ? (
            <div className="pad tight">
              <Callout>{t("saveBadHint")}</Callout>
            </div>
          ) : null}
          <Findings key={severity} severity={severity} />
        </>
      )}
    </>
  );
}

function Counts({ report }: { report: Report }) {
  const t = useT("moving");
  return (
    <table className="tbl counts">
      <thead>
        <tr>
          <th />
          <th className="num">{t("linesHead")}</th>
          <th className="num">{t("comes")}</th>
          <th className="num">{t("staysOut")}</th>
        </tr>
      </thead>
      <tbody>
        {report.kinds.map(({ kind, lines, good, bad }) => (
          <tr key={kind}>
            <td>
              <b>{t(`kinds.${kind}`)}</b>
              {kind === "balances" ? (
                <span className="t3">
                  {" "}
                  {t("owed")} <Money minor={report.owed} />
                </span>
              ) : null}
              {kind === "balances" && lines > good + bad ? (
                <span className="t3 block small">{t("nothingOwed", { lines: count(lines - good - bad) })}</span>
              ) : null}
            </td>
            <td className="num">{count(lines)}</td>
            <td className="num">{count(good)}</td>
            <td className={`num ${bad > 0 ? "is-stop" : "t3"}`}>{count(bad)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const size = 50;
function Findings({ severity }: { severity: "bad" | "look" }) {
  const t = useT("moving");
  const [offset, setOffset] = useState(0);
  const { data } = useLive("imports.findings", { severity, offset, limit: size });
  if (!data) return null;
  if (data.total === 0) return <EmptyState title={t("noneHere")} />;
  return (
    <>
      <table className="tbl findings">
        <thead>
          <tr>
            <th>{t("file")}</th>
            <th className="num">{t("line")}</th>
            <th>{t("column")}</th>
            <th>{t("value")}</th>
            <th>{t("reason")}</th>
          </tr>
        </thead>
        <tbody>
          {data.findings.map((finding) => (
            <tr key={finding.index}>
              <td className="t2">{finding.fileName}</td>
              <td className="num">{finding.line}</td>
              <td>{finding.column || "–"}</td>
              <td>
                <code className="found-value">{finding.value || "–"}</code>
              </td>
              <td>{finding.message}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Pages offset={offset} size={size} total={data.total} onMove={setOffset} />
    </>
  );
}
