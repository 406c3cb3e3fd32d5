/** The roles a practice starts with: copies of these become rows that it edits (domain: cases-and-portal §5). */
import { catalogue, type PermissionKey } from "./catalogue.ts";
import { type Permission, type RoleCode, roleCodes, type Scope } from "./permission.ts";

export interface DefaultRole {
  readonly code: RoleCode;
  readonly name: string;
  readonly description: string;
  /** Permission key → scope; a key that is absent is not granted. */
  readonly permissions: Readonly<Record<string, Scope>>;
}

const described: Readonly<Record<RoleCode, readonly [name: string, description: string]>> = {
  OW: ["Owner", "Runs the company and its settings. Reads clinical data only in an emergency, with a reason."],
  PM: ["Practice manager", "Leads the teams, handles complaints, reads reports."],
  CL: ["Clinician", "Optometrist or doctor: examines, signs, prescribes, decides clinical questions."],
  DO: ["Dispensing optician", "Dispenses, sells and hands over glasses and contact lenses."],
  LT: ["Lab technician", "Makes and inspects glasses."],
  RC: ["Receptionist", "Front desk: bookings, patients, payments and leads."],
  HC: ["Health coach", "Coaches and supports patients, works on cases."],
  TD: ["Trainee dispenser", "Learns to dispense; what matters is countersigned."],
};

/** The default permission → scope map of a role, from the catalogue (or another list, for one feature's additions). */
export function defaultScopes(code: RoleCode, permissions: readonly Permission[] = catalogue): Record<string, Scope> {
  const scopes: Record<string, Scope> = {};
  for (const { key, defaults } of permissions) {
    const scope = defaults[code];
    if (scope) scopes[key] = scope;
  }
  return scopes;
}

/** The eight, in the order of the matrix. */
export const defaultRoles: readonly DefaultRole[] = roleCodes.map((code) => ({
  code,
  name: described[code][0],
  description: described[code][1],
  permissions: defaultScopes(code),
}));

export interface RoleTemplate {
  readonly name: string;
  readonly description: string;
  /** The default role it starts from; null for one that starts empty, since the domain names it without its rights. */
  readonly basedOn: RoleCode | null;
  readonly without: readonly PermissionKey[];
  readonly with: Readonly<Partial<Record<PermissionKey, Scope>>>;
}

/** The template library: roles a practice may add beside the eight. */
export const roleTemplates: readonly RoleTemplate[] = [
  {
    name: "Nurse",
    description: "A clinician who neither signs exams nor issues prescriptions.",
    basedOn: "CL",
    without: ["exams:finalize", "prescriptions:issue"],
    with: {},
  },
  { name: "SDR", description: "Works on leads from the front desk.", basedOn: "RC", without: [], with: {} },
  {
    name: "Senior Lab Tech",
    description: "A lab technician who decides remakes and stock without a second person.",
    basedOn: "LT",
    without: [],
    with: { "orders:remake": "A", "inventory:adjust": "A" },
  },
  { name: "Locum", description: "A clinician for some days at one branch.", basedOn: "CL", without: [], with: {} },
  {
    name: "Privacy officer",
    description: "Audits and handles privacy requests.",
    basedOn: null,
    without: [],
    with: {},
  },
  { name: "Bookkeeper", description: "Reads sales and reports for the books.", basedOn: null, without: [], with: {} },
];

/** The permission → scope map that a template gives a new role. */
export function templateScopes(template: RoleTemplate): Record<string, Scope> {
  const scopes: Record<string, Scope> = {
    ...(template.basedOn ? defaultScopes(template.basedOn) : {}),
    ...template.with,
  };
  for (const key of template.without) delete scopes[key];
  return scopes;
}
