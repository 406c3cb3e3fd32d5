/** What this PC wrote and where it is. */
import { useLive } from "../../api/index.ts";
import { PageHead, useT, When, Work } from "../../ui/index.ts";
import "./pill.tsx";
import { commandWords } from "./words.ts";

export default function SyncScreen() {
  const t = useT("sync");
  const history = useLive("sync.history");
  return (
    <Work head={<PageHead title={t("history")} meta={t("saved")} />}>
      <table className="tbl">
        <thead>
          <tr>
            <th>{t("when")}</th>
            <th>{t("what")}</th>
            <th>{t("where")}</th>
          </tr>
        </thead>
        <tbody>
          {(history.data ?? []).map((row) => (
            <tr key={row.group_id}>
              <td>
                <When at={row.made_at} />
              </td>
              <td>{commandWords(t, row)}</td>
              <td>{t(`state.${row.state}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Work>
  );
}
