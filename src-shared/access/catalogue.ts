/**
 * The permission catalogue: every key with its default scope per role (domain: cases-and-portal §5, 90 keys), grouped
 * and labelled for the roles screen. Every key also exists as a scope of an API token. Nothing is hard-deleted by a
 * role, and there is no explicit deny: rights only add up, which keeps offline evaluation monotone.
 *
 * A feature that needs more declares them with `definePermissions` in its own folder and is listed in `catalogue`.
 */
import { definePermissions, joinPermissions, type Permission } from "./permission.ts";

/** In the order in which the roles screen shows them. */
export const permissionGroups = [
  { code: "till", label: "Till" },
  { code: "patients", label: "Patients" },
  { code: "clinical", label: "Prescriptions and exams" },
  { code: "lab", label: "Dispensing and lab" },
  { code: "cases", label: "Cases" },
  { code: "knowledge", label: "Knowledge base and templates" },
  { code: "planning", label: "Appointments and tasks" },
  { code: "leads", label: "Leads" },
  { code: "partners", label: "Partners" },
  { code: "people", label: "People and roles" },
  { code: "administration", label: "Administration" },
  { code: "oversight", label: "Reports, audit and privacy" },
] as const;

// Scopes in the order OW PM CL DO LT RC HC TD.
export const corePermissions = definePermissions({
  till: {
    "pos:access": ["AA-A-A-O", "Sell and take payments"],
    "pos:discount": ["AA-T----", "Give discounts"],
    "pos:refund": ["AA-S----", "Refund"],
    "invoices:view": ["AA-A-A--", "See sales and invoices"],
  },
  patients: {
    "patients:view": ["AAAAAAAO", "See patients"],
    "patients:create": ["AAAA-AAS", "Register patients"],
    "patients:edit_demographics": ["AAAA-AAS", "Change names, contacts and addresses"],
    "patients:view_clinical": [
      "--AOO-OS",
      "See clinical data",
      "Without it the clinical content of a case is hidden, even from people who see all cases.",
    ],
    "patients:edit_clinical": ["--A-----", "Change clinical data"],
    "patients:view_360": ["AAAA-AAO", "See the patient overview"],
    "patients:merge": ["AA------", "Merge patients"],
    "patients:export": ["AA------", "Export patients"],
    "patients:break_glass": ["A-A-----", "Open clinical data in an emergency", "Asks for a reason and is audited."],
    "consent:manage": ["AAA--AA-", "Record and withdraw consent"],
    "documents:upload": ["AAAAAAAO", "Add documents"],
    "documents:download": ["AAAOOTO-", "Download documents"],
    "messages:send_patient": ["AAAO-AAS", "Send messages to patients"],
  },
  clinical: {
    "exams:create": ["--A-----", "Examine"],
    "exams:finalize": ["--A-----", "Sign exams"],
    "prescriptions:view": ["--AAO-OS", "See prescriptions"],
    "prescriptions:issue": ["--A-----", "Issue prescriptions"],
    "results:review": ["--A-----", "Review results"],
    "records:release_to_portal": ["--A-----", "Release records to the portal"],
    "referrals:send": ["--A---S-", "Send referrals"],
    "triage:run": ["AAAA-AAA", "Ask the triage questions"],
    "triage:approve_protocol": ["--S-----", "Approve a triage protocol"],
  },
  lab: {
    "orders:view": ["AAAAATTO", "See orders and lab jobs"],
    "orders:update_status": ["AA-OA---", "Move lab jobs along"],
    "orders:remake": ["AA-AS---", "Reject and remake"],
    "inventory:adjust": ["AA-TT---", "Change products and stock"],
  },
  cases: {
    "cases:view": ["AAAOOTAO", "See cases", "Includes archived cases."],
    "cases:view_unassigned": ["AAA--TA-", "See cases nobody has taken"],
    "cases:create": ["AAAA-AAO", "Open cases"],
    "cases:reply": ["AAAO-OAS", "Reply to patients"],
    "cases:note_internal": ["AAAAAAAA", "Write internal notes"],
    "cases:assign_self": ["AAA--AA-", "Take cases"],
    "cases:assign_others": ["AAT---T-", "Give cases to others"],
    "cases:set_status": ["AAAO-OA-", "Change the status of cases", "Includes reopening."],
    "cases:raise_urgency": ["AAAAAAAA", "Raise urgency"],
    "cases:lower_urgency": ["--A-----", "Lower urgency"],
    "cases:close": ["AAA---A-", "Close cases"],
    "cases:merge": ["AAA---A-", "Merge cases"],
    "cases:bulk": ["AAA---A-", "Change many cases at once"],
    "cases:archive": ["AA------", "Archive cases"],
    "cases:export": ["AA------", "Export cases"],
    "chat:take": ["AAA--AA-", "Take live chats"],
  },
  knowledge: {
    "kb:author": ["AAAA--A-", "Write articles"],
    "kb:publish": ["AA----T-", "Publish articles"],
    "kb:clinical_approve": ["--A-----", "Approve clinical articles"],
    "macros:manage": ["AA----T-", "Manage shared macros"],
    "templates:manage": ["AA----T-", "Manage message templates", "Includes notification rules."],
  },
  planning: {
    "appointments:view": ["AAAA-AAO", "See appointments"],
    "appointments:book": ["AAAA-AA-", "Book appointments"],
    "appointments:change": ["AAAT-AA-", "Move and cancel appointments"],
    "appointments:overbook": ["AAA--S--", "Overbook"],
    "schedules:manage": ["AA------", "Manage schedules"],
    "tasks:view": ["AATTTTTO", "See tasks"],
    "tasks:create": ["AAAAAAAO", "Create tasks"],
    "tasks:assign_others": ["AAT--TT-", "Give tasks to others"],
    "tasks:complete": ["AAOOOOOO", "Complete tasks"],
  },
  leads: {
    "leads:view": ["AA---AA-", "See leads"],
    "leads:manage": ["AA---AA-", "Manage leads"],
    "contacts:change_stage": ["AAA--AA-", "Change the stage of a contact"],
    "stages:configure": ["AA------", "Configure stages"],
  },
  partners: {
    // In an installation of several companies these belong to the platform's roles instead (§5).
    "partners:review": ["AA------", "Review partners' applications"],
    "partners:approve": ["SS------", "Approve partners", "Two different people approve together."],
    "partners:suspend": ["AS------", "Suspend partners"],
  },
  people: {
    "users:manage": ["AA------", "Manage people and branches"],
    "users:reset_mfa": ["AS------", "Reset two-factor sign-in"],
    "sessions:revoke": ["AA------", "Sign people out"],
    "roles:manage": ["A-------", "Manage roles", "At least one active person always keeps it."],
    "roles:assign": ["AS------", "Give roles to people"],
    "teams:manage": ["AA------", "Manage teams"],
    "devices:manage": ["AA------", "Enrol and revoke devices"],
  },
  administration: {
    "routing:manage": ["AA------", "Manage routing of cases"],
    "sla:manage": ["AA------", "Manage response times"],
    "coverage:manage": ["AA------", "Manage opening hours and cover"],
    "fields:manage": ["AA------", "Manage fields", "Includes tags."],
    "archival:manage": ["A-------", "Manage archival"],
    "flags:manage": ["A-------", "Switch features on and off"],
    "integrations:manage": ["A-------", "Manage integrations", "Includes webhooks and Slack."],
    "tokens:manage": ["A-------", "Manage API tokens"],
    "ai:configure": ["A-------", "Configure AI"],
    "sync:resolve_conflicts": ["AAAO--O-", "Decide conflicting changes"],
  },
  oversight: {
    "reports:team": ["AAT---T-", "See the team's reports"],
    "reports:company": ["AA------", "See the company's reports"],
    "audit:view": ["AA------", "See the audit trail"],
    "audit:export": ["A-------", "Export the audit trail"],
    "privacy:handle_requests": ["AA------", "Handle privacy requests"],
    "incidents:manage": ["AA------", "Manage incidents"],
  },
});
export type PermissionKey = (typeof corePermissions)[number]["key"];

/** The whole catalogue. A feature's own list is added to this call. */
export const catalogue: readonly Permission[] = joinPermissions<string>(corePermissions);

const byKey = new Map(catalogue.map((permission) => [permission.key, permission]));
export function findPermission(key: string): Permission | undefined {
  return byKey.get(key);
}

/** What every signed-in person may do: no permission guards it, and no role can take it away (§5). */
export const allowedWithoutPermission = [
  { code: "own_dashboard", label: "Own dashboard and statistics" },
  { code: "own_schedule", label: "Own schedule" },
  { code: "read_knowledge", label: "Reading the internal knowledge base" },
  { code: "personal_macros", label: "Personal macros" },
] as const;
