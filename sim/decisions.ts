/** What the simulator's people do about what needs attention: as on the screen, card by card. */
import type { AttentionAction, AttentionCard } from "../src-main/engine/sync/attention/cards.ts";
import type { decide } from "../src-main/engine/sync/attention/decide.ts";
import type { attention } from "../src-main/engine/sync/attention/index.ts";
import { Refusal } from "../src-shared/sync/ports.ts";
import type { SimDevice } from "./devices.ts";
import type { Told } from "./invariants.ts";
import type { SmallPractice } from "./practice.ts";
import { sessionAt } from "./sessions.ts";
import type { Chance } from "./world.ts";

export interface Deciding {
  readonly dice: Chance;
  readonly practice: SmallPractice;
  readonly told: Told;
  readonly trace: (line: string) => void;
  readonly desk: DeskOf;
}

/** What needs attention and deciding it, of the version that the device runs. */
export type DeskOf = (device: SimDevice) => {
  readonly attention: typeof attention;
  readonly decide: typeof decide;
};

/** Does one thing about one card as `who`; false when it was refused, which changes nothing. */
function act(
  { practice, told, trace, desk }: Deciding,
  device: SimDevice,
  who: string,
  card: AttentionCard,
  action: AttentionAction,
): boolean {
  const before = device.engine.state.writeState().deviceSeq;
  trace(`  ${device.name} ${who} ${action} ${card.kind} ${card.code} ${card.command} ${card.id}`);
  try {
    const seen = card.conflict?.now;
    desk(device).decide(device.engine, sessionAt(device, { practice }, who), {
      id: card.id,
      action,
      reason: "so decided",
      seen,
    });
  } catch (error) {
    // By name: a device of another version has a class of its own.
    if ((error as Error).name !== Refusal.name) throw error;
    trace(`    refused: ${(error as Refusal).code}`);
  }
  // Sent again, a family is several groups; one that was refused stops those behind it.
  const after = device.engine.state.writeState().deviceSeq;
  for (const { group_id } of device.engine.read.sql<{ group_id: string }>(
    "select group_id from sync_outbox where device_seq > ? and device_seq <= ?",
    before,
    after,
  ))
    told.saved.push({ group: group_id, device: device.name });
  return after > before;
}

/** Somebody looks at what needs attention here and does something about one of it. */
export function attend(deciding: Deciding, device: SimDevice, who: string): void {
  const { dice, practice, desk } = deciding;
  const open = desk(device)
    .attention(device.engine, sessionAt(device, { practice }, who))
    .filter(({ actions }) => actions.length > 0);
  if (open.length === 0) return;
  const card = dice.pick(open);
  act(deciding, device, who, card, dice.pick(card.actions));
}

/** Head office decides every held change: by the dice at first, and with a no where the centre could not take the yes. */
export function decideHeld(deciding: Deciding, office: SimDevice, round: number): void {
  const { dice, practice, desk } = deciding;
  if (!office.engine.ready()) return;
  const cards = desk(office)
    .attention(office.engine, sessionAt(office, { practice }, "OW"))
    .filter(({ kind }) => kind === "held");
  // The oldest first: others may rest on it.
  for (const card of cards.reverse()) {
    const yes = round < 2 && dice.happens(0.5);
    if (!yes || !act(deciding, office, "OW", card, "approve")) act(deciding, office, "OW", card, "decline");
  }
}
