/** The demo's data and ways in: made on the first start, wiped and made anew on request, never on a real database. */
import { sha1, sha256Hex } from "../../replica/crypto.ts";
import { demoPassword, demoPeople, emailOf, type PersonKey, practiceName } from "../../resources/demo/people.ts";
import { type DemoRows, demoPractice } from "../../resources/demo/practice.ts";
import { type BranchCode, zone } from "../../resources/demo/world.ts";
import { localDate } from "../../src-shared/calendar/index.ts";
import type { DeviceProfile } from "../../src-shared/sync/entity.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import { derivedId, newId } from "../../src-shared/sync/ids.ts";
import { entities } from "../../src-shared/sync/registry.ts";
import type { Centre } from "../centre.ts";
import type { Queryable } from "../database/database.ts";
import { storeCode } from "../identity/enrol.ts";
import { hashPassword } from "../identity/people.ts";
import { createPractice } from "../identity/provision.ts";
import { type CentreChange, writeAsCentre } from "../settle/write-as-centre.ts";

/** The same story at every start; ids, keys and dates are new. */
const seed = 1838;
const metaKey = "demo";

/** Who and where the demo's workstations are, kept beside the data: names and e-mails may have been edited since. */
interface DemoIds {
  readonly practice: Id;
  readonly branches: Readonly<Record<string, Id>>;
  readonly people: Readonly<Record<string, Id>>;
}

interface WorkstationPlan {
  readonly key: "leeds-till" | "leeds-exam" | "york-lab" | "hq";
  readonly name: string;
  readonly profile: DeviceProfile;
  readonly branch: BranchCode;
  readonly person: PersonKey;
}
const workstations: readonly WorkstationPlan[] = [
  { key: "leeds-till", name: "Leeds till", profile: "till", branch: "LDS", person: "hannah.boyle" },
  { key: "leeds-exam", name: "Leeds exam room", profile: "exam", branch: "LDS", person: "priya.raman" },
  { key: "york-lab", name: "York lab bench", profile: "lab", branch: "YRK", person: "tomasz.nowak" },
  { key: "hq", name: "HQ", profile: "hq", branch: "LDS", person: "eleanor.aldous" },
];

export interface DemoWorkstation {
  readonly key: WorkstationPlan["key"];
  readonly name: string;
  readonly profile: DeviceProfile;
  readonly branch: Id;
  readonly userId: Id;
  /** What the person signs in with. */
  readonly user: string;
  readonly password: string;
  /** An enrolment code, valid once and for a day. */
  readonly code: string;
}
export interface DemoStart {
  readonly practice: Id;
  readonly workstations: readonly DemoWorkstation[];
}

/** A database that is not marked as a demo was given to the demo. Nothing was changed. */
export class NotADemo extends Error {}

/** Makes the demo practice where there is none (or anew with `reset`), and fresh enrolment codes at every call. */
export async function prepareDemo(centre: Centre, options: { reset: boolean }): Promise<DemoStart> {
  await refuseUnlessDemo(centre.db);
  const hash = await hashPassword(demoPassword);
  const ids = await centre.db.transaction(async (tx) => {
    // Two instances that start at once must not both make it.
    await tx.query("select pg_advisory_xact_lock(727462)");
    if (options.reset) await wipe(tx);
    return (await knownIds(tx)) ?? (await makePractice(centre, tx, hash));
  });
  return {
    practice: ids.practice,
    workstations: await Promise.all(workstations.map((plan) => open(centre, ids, plan))),
  };
}

async function refuseUnlessDemo(db: Queryable): Promise<void> {
  const [kind] = await db.query<{ value: string }>("select value from server_meta where key='kind'");
  if (kind?.value === "demo") return;
  throw new NotADemo("This database is not marked as a demo, so the demo does not touch it. Nothing was changed.");
}

async function knownIds(tx: Queryable): Promise<DemoIds | null> {
  const [row] = await tx.query<{ value: string }>("select value from server_meta where key=$1", [metaKey]);
  return row ? (JSON.parse(row.value) as DemoIds) : null;
}

/** Empties every table but the schema's own and what the server knows of itself. */
async function wipe(tx: Queryable): Promise<void> {
  const tables = await tx.query<{ name: string }>(
    `select tablename as name from pg_tables
     where schemaname=current_schema() and tablename not in ('schema_migration', 'server_meta')`,
  );
  // Truncating passes by the trigger that keeps signed records: the demo's records are nobody's.
  await tx.query(`truncate ${tables.map(({ name }) => `"${name}"`).join(",")}`);
  await tx.query("delete from server_meta where key=$1", [metaKey]);
}

async function makePractice(centre: Centre, tx: Queryable, hash: string): Promise<DemoIds> {
  const now = centre.now();
  const practice = await createPractice(centre, tx, { name: practiceName });
  const rows = demoPractice({
    seed,
    today: localDate(now, zone),
    now,
    practice,
    newId: (at) => newId(at, centre.random),
    derive: (derivation) => derivedId(sha1, practice, derivation),
    sha256: sha256Hex,
  });
  await writeAsCentre(centre.settle, tx, practice, "demo.seed", changesOf(rows));
  // One hash for all of them keeps the start short. The password is printed on the demo's screens anyway.
  for (const { id } of rows.app_user) {
    await tx.query(
      "insert into user_credential (practice_id, user_id, hash, changed_at, failed, locked_until) values ($1,$2,$3,$4,0,0)",
      [practice, id, hash, now],
    );
  }
  const ids: DemoIds = {
    practice,
    branches: Object.fromEntries(rows.branch.map(({ code, id }) => [code, id])),
    people: Object.fromEntries(rows.app_user.map(({ email, id }) => [email, id])),
  };
  await tx.query("insert into server_meta (key, value) values ($1, $2)", [metaKey, JSON.stringify(ids)]);
  return ids;
}

function changesOf(rows: DemoRows): CentreChange[] {
  return entities.flatMap(({ name }) =>
    rows[name].map(({ id, ...fields }): CentreChange => {
      const own = fields as Record<string, unknown>;
      const branch = name === "branch" ? id : ((own.lab_branch_id ?? own.branch_id ?? null) as Id | null);
      return { entity: name, id, branch, fields: own };
    }),
  );
}

async function open(centre: Centre, ids: DemoIds, plan: WorkstationPlan): Promise<DemoWorkstation> {
  const { key, name, profile } = plan;
  const branch = ids.branches[plan.branch] as Id;
  const user = emailOf(plan.person);
  const userId = ids.people[user];
  if (!userId) throw new Error(`The demo practice lacks ${demoPeople[plan.person].name}`);
  const { code } = await storeCode(centre, { practice: ids.practice, by: null, branch, deviceName: name, profile });
  return { key, name, profile, branch, userId, user, password: demoPassword, code };
}
