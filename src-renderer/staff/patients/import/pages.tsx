import { Button, useT } from "../../../ui/index.ts";

export const count = (number: number) => new Intl.NumberFormat("en-GB").format(number);

/** Moves through a list that is longer than a screen. */
export function Pages({
  offset,
  size,
  total,
  onMove,
}: {
  offset: number;
  size: number;
  total: number;
  onMove: (offset: number) => void;
}) {
  const t = useT("moving");
  if (total <= size) return null;
  const last = offset + size >= total;
  return (
    <div className="pad row g3">
      <span className="small t3 tab">
        {t("page", { from: count(offset + 1), to: count(Math.min(total, offset + size)), total: count(total) })}
      </span>
      <span className="push" />
      <Button size="s" disabled={offset === 0} onClick={() => onMove(Math.max(0, offset - size))}>
        {t("previous")}
      </Button>
      <Button size="s" disabled={last} onClick={() => onMove(offset + size)}>
        {t("following")}
      </Button>
    </div>
  );
}
