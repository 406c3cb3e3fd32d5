/** What a card is called. */
import type { Translate } from "../../ui/index.ts";
import { type Card, fieldLabel } from "./fields.ts";

/** What somebody did, in their words; of a newer command only what it has to do with. */
export function commandWords(
  t: Translate,
  { command, conflict }: { readonly command: string; readonly conflict?: Card["conflict"] },
): string {
  if (conflict) return fieldLabel(conflict.entity, conflict.field);
  const [feature = "other"] = command.split(".");
  // A task names what it is about where it names no command.
  if (feature === command) return t(`entities.${command}`, { defaultValue: t("kind.other") });
  return t(`commands.${command}`, { defaultValue: t(`kind.${feature}`, { defaultValue: t("kind.other") }) });
}

/** Who wrote it; of two values, both who did. */
export function authors({ who, conflict }: Card): string {
  const both = conflict ? [conflict.keptBy?.name, conflict.lostBy?.name] : [who];
  return [...new Set(both.filter((name) => name != null))].join(", ");
}

/** Whom or what it is about, or else what was done. */
export function cardTitle(t: Translate, card: Card): string {
  if (card.kind === "unknown") return t("newer", { count: Number(card.args.count ?? 1) });
  if (card.kind === "reaction_failed") return t("reactionTitle");
  return card.about?.patient ?? card.about?.name ?? commandWords(t, card);
}

/** What was done, with the number or the name of the thing where the title is its patient. */
export function cardSubject(t: Translate, card: Card): string {
  const { about } = card;
  const done = commandWords(t, card);
  return [done === cardTitle(t, card) ? "" : done, about?.patient ? about.name : ""].filter(Boolean).join(" ");
}

export function toneOf({ kind }: Card): "stop" | "look" | "info" {
  if (kind === "rejected" || kind === "reaction_failed") return "stop";
  return kind === "review" || kind === "unknown" ? "info" : "look";
}

/** A card in one line, where it stands alone: the patient, and the number that people look for. */
export function cardName(t: Translate, card: Card): string {
  const { about } = card;
  return about?.patient ? `${about.patient}, ${about.name}` : cardTitle(t, card);
}

/** Minor units that a person took, as what was returned says, with all that rests on it. */
export function takenFor({ typed, following }: Card): number {
  return [typed, ...following.map((member) => member.typed)]
    .flat()
    .filter(({ entity, op, field }) => entity === "payment" && op === "insert" && field === "amount")
    .reduce((sum, { value }) => sum + (typeof value === "number" ? value : 0), 0);
}
