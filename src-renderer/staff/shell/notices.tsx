/** What arrives from elsewhere and concerns this place: a patient handed over, a new job on the bench. */
import { useEffect, useRef } from "react";
import { useLive } from "../../api/index.ts";
import { notify, useT } from "../../ui/index.ts";
import { announceHandoff } from "../today/alert.ts";
import { useSession } from "./session.tsx";

/** Calls `tell` for what was not there the last time; the first look tells of nothing. */
function useArrivals<T extends { readonly id: string }>(
  items: readonly T[] | undefined,
  tell: (item: T) => void,
): void {
  const seen = useRef<Set<string> | null>(null);
  const latest = useRef(tell);
  latest.current = tell;
  useEffect(() => {
    if (!items) return;
    const before = seen.current;
    seen.current = new Set(items.map(({ id }) => id));
    if (before) for (const item of items) if (!before.has(item.id)) latest.current(item);
  }, [items]);
}

export function Notices() {
  const t = useT("shell");
  const { device, may } = useSession();
  const dispenses = may("pos:access") && ["till", "single"].includes(device.profile);
  const bench = device.profile === "lab" && may("orders:view");
  const handoffs = useLive("dispensing.handoffs", undefined, { enabled: dispenses });
  const board = useLive("lab.board", undefined, { enabled: bench });
  useArrivals(dispenses ? handoffs.data?.handoffs : undefined, (row) => {
    notify({
      tone: "info",
      title: t("handedOver", { name: `${row.given_name} ${row.family_name}` }),
      body: row.recommendation ?? "",
    });
    announceHandoff();
  });
  useArrivals(bench ? board.data?.jobs : undefined, (job) =>
    notify({ tone: "info", title: t("newJob", { number: job.number }), body: job.content.lens.name }),
  );
  return null;
}
