/** Keeps the practice's own limits in reach of every field, from signing in on and as they change. */
import { useEffect, useMemo } from "react";
import { builtInTables, tablesOf } from "../../../src-shared/optics/index.ts";
import { useLive } from "../../api/index.ts";
import { holdLimits } from "../../ui/index.ts";

export function PracticeLimits() {
  const own = useLive("exams.limits").data?.own;
  const tables = useMemo(() => (own ? tablesOf(own).tables : builtInTables), [own]);
  useEffect(() => {
    holdLimits(tables);
    return () => holdLimits(builtInTables);
  }, [tables]);
  return null;
}
