/** Keeps the limits in force in reach of every field, from signing in on, as they change and as days begin. */
import { useEffect, useMemo } from "react";
import { localDate } from "../../../src-shared/calendar/index.ts";
import { builtInTables, tablesOn } from "../../../src-shared/optics/index.ts";
import { useLive } from "../../api/index.ts";
import { holdLimits, useNow, usePlace } from "../../ui/index.ts";

export function PracticeLimits() {
  const { timeZone } = usePlace();
  const today = localDate(useNow(), timeZone);
  const versions = useLive("exams.limits").data;
  const tables = useMemo(() => (versions ? tablesOn(versions, today).tables : builtInTables), [versions, today]);
  useEffect(() => {
    holdLimits(tables);
    return () => holdLimits(builtInTables);
  }, [tables]);
  return null;
}
