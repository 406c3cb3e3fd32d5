/** Said where advice is written: a driver does not see what the law asks for. */
import { AlertTriangle } from "lucide-react";
import { belowDrivingStandard } from "../../../../src-shared/exams/driving.ts";
import { useT } from "../../../ui/index.ts";
import { useWritten } from "../opened.ts";

export function BelowDrivingStandard() {
  const t = useT("exams");
  const { entries } = useWritten();
  const acuity = belowDrivingStandard(entries);
  if (acuity === null) return null;
  return (
    <p className="msg is-look notes" role="status">
      <AlertTriangle className="i" aria-hidden />
      <span>{t("belowDriving", { acuity })}</span>
    </p>
  );
}
