import type { StoredRow } from "../sync/entity.ts";
import { byStamp } from "../sync/order.ts";
import { isControl, isPhysical, type Stage, stageRank } from "./stages.ts";

/**
 * Where a job is: the highest stage that any physical event reached, so that a late, older event never moves it back
 * (domain §3.11). Held, rejected and cancelled come from the last control event that had seen the job where it then
 * was; one that had not is counted in `late_events` for a person to look at, and changes nothing.
 */
export function foldJob(job: StoredRow, facts: Readonly<Record<string, readonly StoredRow[]>>) {
  const events = [...(facts.job_event ?? [])].sort(byStamp);
  const rankOf = new Map(events.map((event) => [event.id as string, stageRank(event.kind as string)]));
  let stage: Stage = "released";
  let stageAt = job.at as number;
  let lastEventId: string | null = null;
  let tray: string | null = null;
  let held = false;
  let holdReason: string | null = null;
  let cancelled = false;
  let lateEvents = 0;
  for (const event of events) {
    const kind = event.kind as string;
    if (isPhysical(kind)) {
      // Equal rank keeps the earlier one, except for the very first, which sets the moment and the event.
      if (stageRank(kind) > stageRank(stage) || lastEventId === null) {
        if (stageRank(kind) >= stageRank(stage)) stage = kind as Stage;
        stageAt = event.at as number;
        lastEventId = event.id;
      }
    } else if (isControl(kind)) {
      const seenRank = rankOf.get(event.seen_event_id as string) ?? -1;
      if (seenRank < stageRank(stage) && lastEventId !== null && event.seen_event_id !== lastEventId) {
        lateEvents += 1;
      } else if (kind === "resume") {
        held = false;
        holdReason = null;
      } else {
        held = true;
        holdReason = (event.text as string | null) ?? null;
        cancelled = cancelled || kind === "cancel";
      }
    } else if (kind === "tray") {
      tray = (event.text as string | null) ?? null;
    }
  }
  return {
    stage,
    stage_at: stageAt,
    tray,
    held,
    hold_reason: holdReason,
    cancelled,
    last_event_id: lastEventId,
    late_events: lateEvents,
  };
}
