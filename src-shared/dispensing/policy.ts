/** When a sale's glasses may go to the lab: paid in full, or a deposit (setting `release_policy`). */
import { z } from "zod";

export const policySchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("full") }),
  z.object({ kind: z.literal("deposit"), percent: z.int().min(0).max(100) }),
]);
export type ReleasePolicy = z.infer<typeof policySchema>;
export const defaultPolicy: ReleasePolicy = { kind: "deposit", percent: 50 };

/** The setting's value as a policy; the default when there is none or it does not parse. */
export function readPolicy(value: unknown): ReleasePolicy {
  const parsed = policySchema.safeParse(value);
  return parsed.success ? parsed.data : defaultPolicy;
}

/** Whether `paid` of `total` (minor units) releases the glasses. Integer arithmetic; a sale of nothing is released. */
export function releaseMet(total: number, paid: number, policy: ReleasePolicy): boolean {
  const percent = policy.kind === "full" ? 100 : policy.percent;
  return paid * 100 >= total * percent;
}
