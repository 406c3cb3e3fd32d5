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
  if (feature === command) return t(`entities.${command}`);
  const words = t(`commands.${command}`);
  return words === `commands.${command}` ? t(`kind.${feature}`) : words;
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
  return card.about?.name ?? commandWords(t, card);
}

export function toneOf({ kind }: Card): "stop" | "look" | "info" {
  if (kind === "rejected" || kind === "handed_over" || kind === "reaction_failed") return "stop";
  return kind === "review" || kind === "unknown" ? "info" : "look";
}
