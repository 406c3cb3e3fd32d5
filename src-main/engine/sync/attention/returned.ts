/** Groups that the centre did not take. A group and those that rest on it are one card and go the same way. */
import { type HandedOverArgs, isTyped } from "../../../../src-shared/events/review.ts";
import type { Id } from "../../../../src-shared/sync/fields.ts";
import type { Body, Header } from "../../../../src-shared/sync/group.ts";
import { entityOf, type Row } from "../../../../src-shared/sync/registry.ts";
import type { Engine } from "../../engine.ts";
import { type Asking, type AttentionAction, type AttentionCard, concerns, mayResolve, plainCard } from "./cards.ts";
import { createNames } from "./names.ts";
import { tellingOf, typedOf } from "./typed.ts";

export interface Returned {
  readonly group: Id;
  readonly code: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly command: string;
  readonly header: Header;
  readonly bodies: readonly Body[];
  readonly at: number;
  /** The hand-over that it is part of. */
  readonly handover: Id | null;
}

/** A returned group with those that rest on it, in the order in which they were made. */
export interface Family {
  readonly root: Returned;
  readonly following: readonly Returned[];
}

interface QuarantineRow {
  group_id: string;
  code: string;
  args: string;
  command: string;
  header: string;
  bodies: string;
  at: number;
  decision: string | null;
  reason: string | null;
}

/** Every returned group that nobody has decided about, in the order in which they were made. */
function undecided(engine: Engine): Returned[] {
  return engine.read
    .sql<QuarantineRow>(
      "select group_id, code, args, command, header, bodies, at, decision, reason from sync_quarantine where decided_at is null",
    )
    .map((row) => ({
      group: row.group_id,
      code: row.code,
      args: JSON.parse(row.args),
      command: row.command,
      header: JSON.parse(row.header) as Header,
      bodies: (JSON.parse(row.bodies) as { body: string }[]).map(({ body }) => JSON.parse(body) as Body),
      at: row.at,
      handover: row.decision === "handed_over" ? row.reason : null,
    }))
    .sort((a, b) => (a.header.hlc < b.header.hlc ? -1 : 1));
}

export function families(engine: Engine): Family[] {
  const all = undecided(engine);
  const known = new Map(all.map((returned) => [returned.group, returned]));
  const rootOf = (returned: Returned): Returned => {
    let at = returned;
    // The parent was made before, so this comes to an end.
    for (;;) {
      const parent = at.code === "PARENT_REJECTED" ? known.get(at.args.group as string) : undefined;
      if (!parent || parent === at) return at;
      at = parent;
    }
  };
  const grouped = Map.groupBy(all, rootOf);
  return [...grouped].map(([root, members]) => ({ root, following: members.filter((member) => member !== root) }));
}

export function familyOf(engine: Engine, group: Id): Family | null {
  return families(engine).find(({ root }) => root.group === group) ?? null;
}

type HandoverTask = Row<"review_task"> & { args: HandedOverArgs };
/** The tasks of a hand-over on this PC, one per stream. */
function handoverTasks(engine: Engine, handover: Id): HandoverTask[] {
  return engine.read
    .sql<{ id: string }>(
      "select id from review_task where kind='handed_over' and deleted=0 and json_extract(args, '$.handover')=?",
      handover,
    )
    .map(({ id }) => engine.replica.store.get(entityOf("review_task"), id) as unknown as HandoverTask);
}

type Where = { at: "here" | "manager" | "back" | "sent"; by: Id | null; note: string | null };

/** Where a returned group is: a hand-over that is not there any more was itself refused, so it is here again. */
export function whereIs(engine: Engine, { handover }: Returned): Where {
  const [task] = handover ? handoverTasks(engine, handover) : [];
  if (!task) return { at: "here", by: null, note: null };
  if (task.decided_at === null) return { at: "manager", by: null, note: task.args.note };
  const at = task.decision === "send" ? "sent" : "back";
  return { at, by: task.decided_by_id, note: task.note };
}

export function returnedCards({ engine, session }: Asking): AttentionCard[] {
  return families(engine).flatMap((family): AttentionCard[] => {
    const { root, following } = family;
    const where = whereIs(engine, root);
    const author = root.header.user;
    if (where.at === "sent") return [];
    // A manager sees the hand-over itself; here it is its author's.
    if (where.at === "manager" && session?.user !== author) return [];
    const open = concerns(session, author);
    const names = createNames(
      engine,
      [root, ...following].flatMap(({ bodies }) => bodies),
    );
    const first = tellingOf(root.bodies.filter(isTyped));
    const typed = open ? typedOf(root.bodies, names) : [];
    return [
      {
        ...plainCard,
        id: `group:${root.group}`,
        kind: "rejected",
        code: root.code,
        command: root.command,
        who: names.of("app_user", author),
        whoId: author,
        device: names.of("device", root.header.device),
        at: root.at,
        about: open && first ? names.about(first.entity, first.row) : null,
        args: { ...root.args, byName: names.of("app_user", root.args.by) },
        typed,
        following: following.map((member) => ({
          group: member.group,
          command: member.command,
          at: member.at,
          typed: open ? typedOf(member.bodies, names) : [],
        })),
        place: { at: where.at, by: names.of("app_user", where.by), note: where.note },
        decides: !open ? "author" : where.at === "manager" ? "manager" : "you",
        actions: open
          ? actionsFor(
              family,
              where.at,
              mayResolve(session),
              typed.some(({ editable }) => editable),
            )
          : [],
      },
    ];
  });
}

function actionsFor(
  { root, following }: Family,
  at: Where["at"],
  resolves: boolean,
  editable: boolean,
): AttentionAction[] {
  if (at === "manager") return [];
  // Nothing to send any more: somebody else was first, or it is there already.
  if (root.code === "DECIDED" || (root.code === "EXISTS" && following.length === 0)) return ["noted"];
  return [...(editable ? (["edit"] as const) : []), "retry", ...(resolves ? [] : (["hand_over"] as const)), "discard"];
}
