/** What can be done with a returned group: sent again, corrected, given to a manager, dropped with a reason. */
import { z } from "zod";
import type { HandedOverArgs, PlacedBody } from "../../../../src-shared/events/review.ts";
import { type Stream, streamBits } from "../../../../src-shared/sync/entity.ts";
import type { Id } from "../../../../src-shared/sync/fields.ts";
import { refuse } from "../../../../src-shared/sync/ports.ts";
import type { Engine } from "../../engine.ts";
import { bytes } from "../../read/database.ts";
import type { Session } from "../../session/sessions.ts";
import { defineCommand } from "../../write/define.ts";
import type { Transaction } from "../../write/transaction.ts";
import { concerns } from "./cards.ts";
import { type Edits, replay, replayable } from "./replay.ts";
import { type Family, familyOf, type Returned, whereIs } from "./returned.ts";

const nothing = z.null();

/** The family of a returned group, for who may decide about it. */
export function requireFamily(engine: Engine, session: Session, group: Id): Family {
  const family = familyOf(engine, group);
  if (!family) throw refuse("DECIDED", "This has been decided already.");
  if (!concerns(session, family.root.header.user))
    throw refuse("NO_PERMISSION", "Only who typed this, or a manager, decides what becomes of it.", {
      permission: "sync:resolve_conflicts",
    });
  const { at } = whereIs(engine, family.root);
  if (at === "manager") throw refuse("WITH_MANAGER", "A manager has this now, and decides about it or gives it back.");
  if (at === "sent") throw refuse("DECIDED", "A manager has sent this.");
  return family;
}

function mark(tx: Transaction, group: Id, decision: string, reason: string | null, final: boolean): void {
  const marked = tx.sql(
    `update sync_quarantine set decided_at=?, decided_by_id=?, decision=?, reason=?
     where group_id=? and decided_at is null returning group_id`,
    final ? tx.now : null,
    tx.user ? bytes(tx.user) : null,
    decision,
    reason,
    bytes(group),
  );
  if (marked.length === 0) throw refuse("DECIDED", "This has been decided already.");
}

/**
 * Sends a returned group and those that rest on it again, each as a new group that names the old one, in their order.
 * One that is refused here stops those behind it; they stay returned.
 */
export function sendAgain(engine: Engine, session: Session, family: Family, edits: Edits): void {
  for (const returned of [family.root, ...family.following]) {
    session.run(
      defineCommand({
        name: returned.command,
        permission: null,
        resends: [returned.group],
        input: nothing,
        run(tx) {
          replay(tx, returned.bodies, { edits, redraw: isOfOlderSelf(engine, returned) });
          mark(tx, returned.group, "resent", null, true);
        },
      }),
      null,
    );
  }
}

function isOfOlderSelf(engine: Engine, { header }: Returned): boolean {
  const { device, epoch } = engine.identity();
  return header.device === device && header.epoch !== epoch;
}

/** Drops a returned group and what rests on it; what was typed stays on this PC, the reason goes into the audit. */
export const discardFamily = (family: Family) =>
  defineCommand({
    name: "sync.discard",
    permission: null,
    input: z.object({ reason: z.string().trim().min(3).max(1000) }),
    run(tx, { reason }) {
      for (const { group } of [family.root, ...family.following]) {
        mark(tx, group, "discarded", reason, true);
        tx.insert("audit_entry", {
          action: "sync.discard",
          subject_entity: "change_group",
          subject_id: group,
          patient_id: null,
          user_id: tx.user,
          device_id: tx.device,
          branch_id: tx.branch,
          changed: ["discarded", `reason: ${reason}`],
          at: tx.now,
          stream: "org",
        });
      }
    },
  });

/** Gives a returned group to whoever may decide: a task in each stream it touches, with the part of that stream. */
export const handOver = (family: Family) =>
  defineCommand({
    name: "sync.hand_over",
    permission: null,
    input: z.object({ note: z.string().trim().max(1000).nullable() }),
    run(tx, { note }) {
      const { root, following } = family;
      const handover = tx.newId();
      const members = [root, ...following].map(({ group, command, header, bodies }) => ({
        group,
        command,
        user: header.user,
        bodies: bodies.map((body, i): PlacedBody => ({ ...body, i })).filter(replayable),
      }));
      const streams = [...new Set(members.flatMap(({ bodies }) => bodies.map(({ stream }) => stream)))];
      if (streams.length === 0) throw refuse("NOTHING_LEFT", "There is nothing in this that somebody could send.");
      for (const stream of streams) {
        const part = members.map((member) => ({ ...member, bodies: member.bodies.filter(rides(stream)) }));
        const args: HandedOverArgs = {
          handover,
          by: tx.user,
          device: tx.device,
          code: root.code,
          why: root.args,
          note: note || null,
          streams,
          groups: part,
        };
        const task = {
          kind: "handed_over",
          subject_entity: "change_group",
          subject_id: root.group,
          branch_id: tx.branch,
          args: args as unknown as Record<string, unknown>,
          raised_at: tx.now,
          decided_at: null,
          decided_by_id: null,
          decision: null,
          note: null,
          stream,
          owner_id: null,
        };
        tx.insert("review_task", task, {
          id: tx.derive({ subject: handover, reaction: "review:handed_over", index: streamBits[stream] }),
        });
      }
      for (const { group } of members) mark(tx, group, "handed_over", handover, false);
    },
  });

const rides = (stream: Stream) => (body: PlacedBody) => body.stream === stream;
