/** One exam: written while it is a draft, read once it is signed. */
import { PencilLine } from "lucide-react";
import { useLive } from "../../api/index.ts";
import { EmptyState, ErrorState, useT } from "../../ui/index.ts";
import { useSession } from "../shell/session.tsx";
import type { Unkept } from "./autosave.ts";
import { Draft } from "./draft.tsx";
import { RecordScreen } from "./record.tsx";

export function ExamScreen({ id }: { id: string }) {
  const t = useT("exams");
  const { may } = useSession();
  const { data, error } = useLive("exams.get", { id });
  const unkept = useLive("exams.unkept", { id });
  if (error) return <ErrorState error={error} />;
  if (!data) return null;
  if (data.record) return <RecordScreen data={data} />;
  if (!may("exams:create"))
    return (
      <EmptyState icon={PencilLine} title={t("unsigned")}>
        {t("unsignedText")}
      </EmptyState>
    );
  // Fields begin with what was typed into them, so it has to be known first.
  if (!unkept.isFetched) return null;
  return <Draft data={data} unkept={(unkept.data ?? {}) as Readonly<Record<string, Unkept>>} />;
}
