/** In the place of what is not shown: what it would be, and why it is not. */
import { Lock } from "lucide-react";
import type { ReactNode } from "react";
import { EmptyState, useT } from "../../ui/index.ts";
import type { Kind, Why } from "./unseen.ts";

/** A whole list. */
export function ListNotShown({ kind, why, action }: { kind: Kind; why: Why; action?: ReactNode }) {
  const t = useT("patients");
  return (
    <EmptyState icon={Lock} title={t("unseen.title", { what: t(`unseen.what.${kind}`) })} action={action}>
      {t(`unseen.${why}`, { what: t(`unseen.what.${kind}`).toLowerCase() })} {t("unseen.maybe")}
    </EmptyState>
  );
}

/** A line over a list that is shown in part. */
export function PartNotShown({ what, why, action }: { what: Kind | "images"; why: Why; action?: ReactNode }) {
  const t = useT("patients");
  return (
    <div className="pt-strip notshown">
      <Lock className="i s" aria-hidden />
      <span className="grow t2">{t(`unseen.${why}`, { what: t(`unseen.what.${what}`).toLowerCase() })}</span>
      {action}
    </div>
  );
}

/** A figure. */
export function TileNotShown({ label, why }: { label: string; why: Why }) {
  const t = useT("patients");
  return (
    <div>
      <span>
        <p className="label">{label}</p>
        <p className="v t3">–</p>
        <p className="small t3">{t(why === "role" ? "notForYou" : "notHere")}</p>
      </span>
    </div>
  );
}
