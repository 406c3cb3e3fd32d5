/** One exam: written while it is a draft, read once it is signed. */
import { useLive } from "../../api/index.ts";
import { ErrorState } from "../../ui/index.ts";
import type { Unkept } from "./autosave.ts";
import { Draft } from "./draft.tsx";
import { RecordScreen } from "./record.tsx";

export function ExamScreen({ id }: { id: string }) {
  const { data, error } = useLive("exams.get", { id });
  const unkept = useLive("exams.unkept", { id });
  if (error) return <ErrorState error={error} />;
  if (!data) return null;
  if (data.record) return <RecordScreen data={data} />;
  // Fields begin with what was typed into them, so it has to be known first.
  if (!unkept.isFetched) return null;
  return <Draft data={data} unkept={(unkept.data ?? {}) as Readonly<Record<string, Unkept>>} />;
}
