/** Two records of one person side by side: which is kept, and which value of each field where they differ. */
import { ArrowLeftRight } from "lucide-react";
import { useState } from "react";
import { type Output, useAct, useLive } from "../../api/index.ts";
import { Button, Callout, Dialog, go, notify, useT } from "../../ui/index.ts";
import { type Column, fieldLabel, fields, fieldText } from "./fields.ts";

type Pair = Output<"patients.pair">;
type Side = "one" | "other";
type Picked = Partial<Record<Column, Side>>;

/** Where the kept record says nothing, the other is taken at its word. */
function pickedOf(pair: Pair, kept: Side, picked: Picked): Record<Column, Side> {
  const given = kept === "one" ? "other" : "one";
  return Object.fromEntries(
    fields.map(({ column }) => [column, picked[column] ?? (pair[kept][column] === null ? given : kept)]),
  ) as Record<Column, Side>;
}

export function MergeDialog({ id, otherId, onClose }: { id: string; otherId: string; onClose: () => void }) {
  const t = useT("patients");
  const { data } = useLive("patients.pair", { id, otherId });
  const merge = useAct("patients.merge");
  const [kept, setKept] = useState<Side>("one");
  const [picked, setPicked] = useState<Picked>({});
  if (!data) return null;
  const given: Side = kept === "one" ? "other" : "one";
  const choice = pickedOf(data, kept, picked);
  const differing = fields.filter(
    ({ column }) => JSON.stringify(data.one[column] ?? null) !== JSON.stringify(data.other[column] ?? null),
  );
  const take = differing.map(({ column }) => column).filter((column) => choice[column] === given);
  const save = () =>
    void merge
      .act({ keptId: data[kept].id, otherId: data[given].id, take })
      .then(({ id: keptId }) => {
        notify({ tone: "done", title: t("mergedNow"), body: t("mergedNowText") });
        onClose();
        go(`/patients/${keptId}`);
      })
      .catch(() => {});
  const name = (side: Side) => `${data[side].given_name} ${data[side].family_name}`;
  return (
    <Dialog
      title={t("mergeTitle")}
      open
      onClose={onClose}
      actions={
        <>
          <Button icon={ArrowLeftRight} onClick={() => setKept(given)}>
            {t("keepOther")}
          </Button>
          <Button variant="primary" busy={merge.busy} onClick={save}>
            {t("mergeDo")}
          </Button>
        </>
      }
    >
      <div className="stack">
        <p className="t2">{t("mergeText", { kept: data[kept].number, given: data[given].number })}</p>
        <table className="tbl merge">
          <thead>
            <tr>
              <th scope="col">{t("field")}</th>
              {(["one", "other"] as const).map((side) => (
                <th scope="col" key={side}>
                  {name(side)}
                  <span className="small t3 block tab">
                    {data[side].number} · {t(side === kept ? "isKept" : "isGiven")}
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {differing.map(({ column }) => (
              <tr key={column}>
                <th scope="row">{fieldLabel(column)}</th>
                {(["one", "other"] as const).map((side) => (
                  <td key={side}>
                    <label className="row g2">
                      <input
                        type="radio"
                        name={`merge-${column}`}
                        checked={choice[column] === side}
                        onChange={() => setPicked({ ...picked, [column]: side })}
                      />
                      <span className={choice[column] === side ? "" : "t3"}>
                        {fieldText(column, data[side][column])}
                      </span>
                    </label>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {differing.length === 0 ? <p className="t2">{t("allTheSame")}</p> : null}
        {merge.error ? <Callout tone="stop">{merge.error.message}</Callout> : null}
      </div>
    </Dialog>
  );
}
