/** A small practice on a fresh centre, and devices of it, for tests and the simulator. */
import { makeSealingKeys, makeSigningKeys, sha1, systemRandom } from "../replica/crypto.ts";
import { migrateReplica, openMemoryReplica, type Sqlite } from "../replica/open.ts";
import type { Identity } from "../src-main/engine/state.ts";
import { createState } from "../src-main/engine/state.ts";
import type { DeviceProfile } from "../src-shared/sync/entity.ts";
import { derivedId, newId, type Random } from "../src-shared/sync/ids.ts";
import { type Clock, silentLog, type Timers } from "../src-shared/sync/ports.ts";
import { type Centre, type CentreOptions, createCentre } from "../sync-server/centre.ts";
import { migrateCentre } from "../sync-server/database/migrate.ts";
import { openPglite } from "../sync-server/database/pglite.ts";
import { createPractice, enrolDevice, roleId, weekdayOpening } from "../sync-server/identity/provision.ts";
import { type CentreChange, writeAsCentre } from "../sync-server/settle/write-as-centre.ts";

export interface SmallPractice {
  readonly practice: string;
  readonly branches: { readonly leeds: string; readonly york: string };
  /** Person ids by role code: OW, DO, CL, LT, RC. */
  readonly people: Record<"OW" | "DO" | "CL" | "LT" | "RC", string>;
  readonly products: { readonly frame: string; readonly lens: string };
}

export async function openTestCentre(
  options: Partial<
    Pick<
      CentreOptions,
      "db" | "now" | "after" | "random" | "rules" | "batches" | "minima" | "epoch" | "since" | "log" | "files" | "blobs"
    >
  > = {},
): Promise<Centre> {
  const db = options.db ?? (await openPglite(null));
  if (!options.db) await migrateCentre(db);
  return createCentre({
    db,
    secret: "test secret of the centre",
    epoch: options.epoch ?? "epoch-1",
    since: options.since ?? null,
    demo: false,
    now: options.now ?? Date.now,
    random: options.random ?? systemRandom(),
    log: options.log ?? silentLog,
    ...(options.rules ? { rules: options.rules } : {}),
    ...(options.files ? { files: options.files } : {}),
    ...(options.blobs ? { blobs: options.blobs } : {}),
    ...(options.minima ? { minima: options.minima } : {}),
    ...(options.batches ? { batches: options.batches } : {}),
    ...(options.after ? { after: options.after } : {}),
  });
}

/** Two branches, five people, a frame and a lens. */
export async function smallPractice(centre: Centre): Promise<SmallPractice> {
  const id = () => newId(centre.now(), centre.random);
  return centre.db.transaction(async (tx) => {
    const practice = await createPractice(centre, tx, { name: "Test practice" });
    const branches = { leeds: id(), york: id() };
    const people = { OW: id(), DO: id(), CL: id(), LT: id(), RC: id() };
    const products = { frame: id(), lens: id() };
    const branch = (row: string, name: string, code: string, lab: boolean): CentreChange => ({
      entity: "branch",
      id: row,
      branch: row,
      fields: {
        name,
        code,
        time_zone: "Europe/London",
        address: null,
        phone: null,
        opening: weekdayOpening,
        is_lab: lab,
      },
    });
    await writeAsCentre(centre.settle, tx, practice, "test.practice", [
      branch(branches.leeds, "Leeds", "LDS", false),
      branch(branches.york, "York", "YRK", true),
      ...Object.entries(people).flatMap(([code, user]): CentreChange[] => [
        {
          entity: "app_user",
          id: user,
          fields: {
            display_name: `Person ${code}`,
            email: `${code.toLowerCase()}@example.org`,
            job_title: null,
            registration_number: code === "LT" || code === "RC" ? null : `01-${code}`,
            active: true,
            primary_role_id: roleId(practice, code),
            home_branch_id: code === "LT" ? branches.york : branches.leeds,
          },
        },
        {
          entity: "user_role",
          id: derivedId(sha1, practice, { subject: user, reaction: `role:${roleId(practice, code)}`, index: 0 }),
          fields: { user_id: user, role_id: roleId(practice, code), branch_id: null },
        },
      ]),
      product(products.frame, "frame", "Ashby 4107", 12900),
      product(products.lens, "lens", "Norvue Arc 1.60", 31800),
    ]);
    return { practice, branches, people, products };
  });
}

function product(id: string, kind: string, name: string, price: number): CentreChange {
  return {
    entity: "product",
    id,
    fields: {
      sku: name.toUpperCase(),
      barcode: null,
      kind,
      brand: null,
      name,
      details: {},
      price,
      vat_rate: 2000,
      stocked: kind === "frame",
      active: true,
    },
  };
}

/** Enrols a device straight at the centre; its replica is empty until it has met the centre. */
export async function enrolTestDevice(
  centre: Centre,
  practice: string,
  device: { branch: string; profile: DeviceProfile; name: string },
  random: Random,
): Promise<Identity> {
  const keys = makeSigningKeys();
  const sealing = makeSealingKeys();
  const enrolment = await centre.db.transaction((tx) =>
    enrolDevice(centre, tx, practice, { ...device, ed25519: keys.publicKey, x25519: sealing.publicKey }),
  );
  return {
    practice,
    device: enrolment.device,
    epoch: 1,
    node: Buffer.from(random.bytes(8)).toString("hex"),
    branch: device.branch,
    terminalCode: enrolment.terminalCode,
    profile: device.profile,
    privateKey: keys.privateKey,
    publicKey: keys.publicKey,
    sealingPrivateKey: sealing.privateKey,
    demo: false,
    notBefore: enrolment.notBefore,
  };
}

export function memoryReplicaFor(identity: Identity): Sqlite {
  const sqlite = openMemoryReplica();
  migrateReplica(sqlite, "memory");
  createState(sqlite).setMeta("identity", identity);
  return sqlite;
}

export const systemClock: Clock = { wall: Date.now, monotonic: () => performance.now() };
export const systemTimers: Timers = {
  after(ms, task) {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};
