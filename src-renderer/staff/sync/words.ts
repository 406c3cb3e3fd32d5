/** What a card is called. */
import type { Translate } from "../../ui/index.ts";
import type { Card } from "./fields.ts";

/** What somebody did, in their words; of a newer command only what it has to do with. */
export function commandWords(t: Translate, { command }: { readonly command: string }): string {
  const [feature = "other"] = command.split(".");
  const words = t(`commands.${command}`);
  return words === `commands.${command}` ? t(`kind.${feature}`) : words;
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
