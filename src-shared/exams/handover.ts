/** The hand-off card: what the optometrist wants the dispenser to know (domain §6.3, handover). */
import { z } from "zod";
import { line } from "./line.ts";

export const handoverSchema = z.looseObject({
  lensTypes: z.array(line(100)).max(40).default([]),
  coatings: z.array(line(100)).max(40).default([]),
  coatingReasons: line(400).nullable().default(null),
  tasks: line(400).nullable().default(null),
  cautions: line(400).nullable().default(null),
  collector: line(200).nullable().default(null),
  doNotDispense: z.boolean().default(false),
  /** Why the law restricts who may dispense to this patient; null where it does not. */
  restricted: z.enum(["under_16", "SI", "SSI"]).nullable().default(null),
});
export type HandoverCard = z.output<typeof handoverSchema>;
