/** Every reaction of the product, in the order in which they are asked. */
import { dispensingReactions } from "../dispensing/reactions.ts";
import { examReactions } from "../exams/reactions.ts";
import { schedulingReactions } from "../scheduling/reactions.ts";
import type { Reaction } from "./reaction.ts";

export const reactions: readonly Reaction[] = [...dispensingReactions, ...examReactions, ...schedulingReactions];

export function findReaction(name: string): Reaction | undefined {
  return reactions.find((reaction) => reaction.name === name);
}
