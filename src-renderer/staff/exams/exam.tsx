/** One exam: written while it is a draft, read once it is signed. */
import { useLive } from "../../api/index.ts";
import { ErrorState } from "../../ui/index.ts";
import { Draft } from "./draft.tsx";
import { RecordScreen } from "./record.tsx";

export function ExamScreen({ id }: { id: string }) {
  const { data, error } = useLive("exams.get", { id });
  if (error) return <ErrorState error={error} />;
  if (!data) return null;
  return data.record ? <RecordScreen data={data} /> : <Draft data={data} />;
}
