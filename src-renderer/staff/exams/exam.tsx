/** One exam: written while it is a draft, read once it is signed. */
import { PencilLine } from "lucide-react";
import { useRef } from "react";
import { useLive } from "../../api/index.ts";
import { EmptyState, ErrorState, useT } from "../../ui/index.ts";
import { useSession } from "../shell/session.tsx";
import type { Unkept } from "./autosave.ts";
import { DiscardedScreen } from "./discarded.tsx";
import { Draft } from "./draft.tsx";
import { RecordScreen } from "./record.tsx";

export function ExamScreen({ id }: { id: string }) {
  const t = useT("exams");
  const { may } = useSession();
  const { data, error } = useLive("exams.get", { id });
  const unkept = useLive("exams.unkept", { id, where: "fields" });
  const atWork = useRef(false);
  if (error) return <ErrorState error={error} />;
  if (!data) return null;
  if (data.record) return <RecordScreen data={data} />;
  if (!may("exams:create"))
    return (
      <EmptyState icon={PencilLine} title={t("unsigned")}>
        {t("unsignedText")}
      </EmptyState>
    );
  // Whoever writes in it while a colleague discards it writes on: what they keep makes it a draft again.
  if (data.exam.discarded_at === null) atWork.current = true;
  if (!atWork.current) return <DiscardedScreen data={data} />;
  // Fields begin with what was typed into them, so it has to be known first.
  if (!unkept.isFetched) return null;
  return <Draft data={data} unkept={(unkept.data ?? {}) as Readonly<Record<string, Unkept>>} />;
}
