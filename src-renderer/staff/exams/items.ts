/** Adding to, changing and taking from the lists of an exam; what fails is said where everybody sees it. */
import { useMemo } from "react";
import { send, toUiError } from "../../api/index.ts";
import { notify } from "../../ui/index.ts";
import { useOpened } from "./opened.ts";

type Data = Readonly<Record<string, unknown>>;

export function useItemActs() {
  const { id: examId } = useOpened();
  return useMemo(() => {
    const say = (error: unknown) => {
      notify({ tone: "stop", title: toUiError(error).message });
      throw error;
    };
    return {
      add: (list: string, data: Data) => send("exams.addItem", { examId, list, data: { ...data } }).catch(say),
      change: (id: string, data: Data) => send("exams.changeItem", { id, data: { ...data } }).catch(say),
      remove: (ids: readonly string[]) => send("exams.removeItems", { ids: [...ids] }).catch(say),
      restore: (ids: readonly string[]) => send("exams.restoreItems", { examId, ids: [...ids] }).catch(say),
    };
  }, [examId]);
}
