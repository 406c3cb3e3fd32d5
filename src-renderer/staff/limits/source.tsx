/** Where numbers are from and since when; what nobody vouches for yet can be confirmed here. */
import { CircleHelp } from "lucide-react";
import { Button, Chip, dateText, useT } from "../../ui/index.ts";
import { isToConfirm, type Origin } from "./edits.ts";
import { sourceWords } from "./source-words.ts";

export function SourceCells({
  origin,
  name,
  span,
  waits,
  onConfirm,
}: {
  origin: Origin;
  /** What the numbers are about. */
  name: string;
  span: number;
  waits: string | undefined;
  onConfirm: () => void;
}) {
  const t = useT("limits");
  const open = isToConfirm(origin);
  const words = sourceWords(origin.source);
  // Nothing is known of such a source but that it has to be confirmed: the chip says it.
  const bare = /^general knowledge, for the practice to confirm\.?$/.test(origin.source);
  return (
    <>
      <td className="source" rowSpan={span}>
        {bare || words === "" ? null : <span className="small t2 block">{words}</span>}
        {open ? (
          <span className="row g2 limit-confirm">
            <Chip tone="look" icon={CircleHelp}>
              {t("toConfirm")}
            </Chip>
            <Button size="s" variant="quiet" waits={waits} aria-label={t("confirmName", { name })} onClick={onConfirm}>
              {t("confirm")}
            </Button>
          </span>
        ) : null}
      </td>
      <td className="small t2 nowrap" rowSpan={span}>
        {dateText(origin.date)}
      </td>
    </>
  );
}
