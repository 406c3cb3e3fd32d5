/** What a token of another system may read of patients: keys of the permission catalogue, which scopes are. */
export const summaryScope = "patients:view_360";

export const apiScopes = [
  summaryScope,
  "prescriptions:view",
  "patients:view_clinical",
  "appointments:view",
  "orders:view",
  "invoices:view",
  "cases:view",
] as const;
export type ApiScope = (typeof apiScopes)[number];

/** A token as head office sees it: never its secret. */
export interface ApiToken {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdBy: string | null;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  readonly usedAt: number | null;
}
