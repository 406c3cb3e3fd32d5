/** What was done to the record itself: edits of details, merges. */
import { UserPen, Users } from "lucide-react";
import { type Entry, type Summary, say, sentence, stop } from "./entry.ts";
import { fieldLabel } from "./fields.ts";

/** Milliseconds between two edits of one sitting. */
const sitting = 30 * 60_000;

/** Edits of details newest first, those of one person in one sitting together; a merge stands by itself. */
function sittings(changes: Summary["changes"]): Summary["changes"][number][][] {
  const groups: Summary["changes"][number][][] = [];
  const merges = new Set(changes.filter(({ field }) => field === "merged_into_id").map(({ at }) => at));
  for (const change of changes) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    const together =
      before &&
      before.user_id === change.user_id &&
      (before.at === change.at ||
        (before.at - change.at < sitting && !merges.has(before.at) && !merges.has(change.at)));
    if (together) group?.push(change);
    else groups.push([change]);
  }
  return groups;
}

/** Merges, and edits of details. */
export function recordEntries(data: Summary): Entry[] {
  const merged = new Map(data.merged.map((row) => [row.id, row]));
  return sittings(data.changes).map((changes): Entry => {
    const [{ id, at, user_id } = { id: "", at: 0, user_id: null }] = changes;
    const merge = changes.find(({ field }) => field === "merged_into_id");
    const names = [
      ...new Set(changes.filter(({ field }) => field !== "merged_into_id").map(({ field }) => fieldLabel(field))),
    ];
    const who = stop(user_id ? data.names[user_id] : null);
    const other = merge && merged.get(merge.patient_id);
    return {
      id,
      tabs: ["timeline"],
      at,
      icon: merge ? Users : UserPen,
      title: merge
        ? say(merge.after === null ? "unmergedEntry" : "mergedEntry", {
            who: other ? `${other.given_name} ${other.family_name}, ${other.number}` : say("anotherRecord"),
          })
        : say("edited", { fields: names.join(", ") }),
      text: sentence(merge && names.length > 0 && stop(say("tookOver", { fields: names.join(", ") })), who),
    };
  });
}
