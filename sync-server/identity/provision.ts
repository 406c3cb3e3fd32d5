/** New practices and devices: keys, terminal codes, default roles, the first owner. */

import { groupCrypto, makeSigningKeys, sha1 } from "../../replica/crypto.ts";
import { defaultRoles } from "../../src-shared/access/index.ts";
import type { DeviceProfile } from "../../src-shared/sync/entity.ts";
import { zeroHash } from "../../src-shared/sync/group.ts";
import { zeroHlc } from "../../src-shared/sync/hlc.ts";
import { derivedId, newId } from "../../src-shared/sync/ids.ts";
import type { Enrolment } from "../../src-shared/sync/wire.ts";
import type { Centre } from "../centre.ts";
import type { Queryable } from "../database/database.ts";
import { wrapKey } from "../settle/centre-author.ts";
import { type CentreChange, writeAsCentre } from "../settle/write-as-centre.ts";

export const weekdayOpening = {
  "1": [["09:00", "17:30"]],
  "2": [["09:00", "17:30"]],
  "3": [["09:00", "17:30"]],
  "4": [["09:00", "17:30"]],
  "5": [["09:00", "17:30"]],
  "6": [["09:00", "17:00"]],
};

/** Makes a practice with its head, its centre device and keys; returns the changes that make its first rows. */
export async function createPractice(
  centre: Centre,
  tx: Queryable,
  practice: { id?: string; name: string; country?: string; currency?: string },
): Promise<string> {
  const now = centre.now();
  const id = practice.id ?? newId(now, centre.random);
  const centreDevice = newId(now, centre.random);
  const keys = makeSigningKeys();
  await tx.query(
    `insert into practice_head (practice_id, seq, authz, centre_epoch, centre_seq, centre_prev, centre_hlc)
     values ($1, 0, 0, 1, 0, $2, decode($3::text,'hex'))`,
    [id, zeroHash, zeroHlc],
  );
  await tx.query("insert into centre_key (practice_id, device_id, private_key) values ($1,$2,$3)", [
    id,
    centreDevice,
    wrapKey(centre.secret, keys.privateKey),
  ]);
  await writeAsCentre(centre.settle, tx, id, "practice.create", [
    {
      entity: "device_key",
      id: newId(now, centre.random),
      fields: { device_id: centreDevice, epoch: 1, terminal_code: "", ed25519: keys.publicKey, x25519: "" },
    },
    {
      entity: "practice",
      id,
      fields: {
        name: practice.name,
        country: practice.country ?? "GB",
        currency: practice.currency ?? "GBP",
        vat_number: null,
      },
    },
    ...defaultRoleChanges(centre, id),
  ]);
  return id;
}

/** The eight default roles with their rights (domain: cases §5). Ids derive from the practice, so this can be run again. */
export function defaultRoleChanges(_centre: Centre, practice: string): CentreChange[] {
  return defaultRoles.flatMap((role): CentreChange[] => {
    const id = roleId(practice, role.code);
    return [
      { entity: "role", id, fields: { name: role.name, description: role.description, built_in: role.code } },
      ...Object.entries(role.permissions).map(
        ([permission, scope]): CentreChange => ({
          entity: "role_permission",
          id: derivedId(sha1, practice, { subject: id, reaction: `permission:${permission}`, index: 0 }),
          fields: { role_id: id, permission, scope },
        }),
      ),
    ];
  });
}
export function roleId(practice: string, code: string): string {
  return derivedId(sha1, practice, { subject: practice, reaction: `role:${code}`, index: 0 });
}

const prefixes: Record<DeviceProfile, string> = { till: "T", single: "T", exam: "E", lab: "L", desk: "D", hq: "H" };

/** Codes left out with every restore: what was given after the backup was made is not known any more. */
const leftOutByRestore = 50;

/** The next terminal code of a branch; never issued again, also when the device is gone (architecture §3.8). */
export async function issueTerminalCode(
  tx: Queryable,
  practice: string,
  branch: string,
  profile: DeviceProfile,
  device: string,
  epoch: number,
): Promise<string> {
  // One at a time: two that join a branch in the same moment would count the same.
  await tx.query("select 1 from practice_head where practice_id=$1 for update", [practice]);
  const [row] = await tx.query<{ n: number }>(
    "select count(*) as n from terminal_code where practice_id=$1 and branch_id=$2 and code like $3",
    [practice, branch, `${prefixes[profile]}%`],
  );
  const [restores] = await tx.query<{ value: string }>("select value from server_meta where key='restores'");
  const code = `${prefixes[profile]}${(row?.n ?? 0) + 1 + leftOutByRestore * Number(restores?.value ?? 0)}`;
  await tx.query("insert into terminal_code (practice_id, branch_id, code, device_id, epoch) values ($1,$2,$3,$4,$5)", [
    practice,
    branch,
    code,
    device,
    epoch,
  ]);
  return code;
}

export interface NewDevice {
  readonly branch: string;
  readonly name: string;
  readonly profile: DeviceProfile;
  readonly ed25519: string;
  readonly x25519: string;
}

/** Enrols a device inside the caller's transaction. */
export async function enrolDevice(
  centre: Centre,
  tx: Queryable,
  practice: string,
  device: NewDevice,
): Promise<Enrolment> {
  const now = centre.now();
  const id = newId(now, centre.random);
  const code = await issueTerminalCode(tx, practice, device.branch, device.profile, id, 1);
  await writeAsCentre(centre.settle, tx, practice, "device.enrol", [
    {
      entity: "device",
      id,
      branch: device.branch,
      fields: { branch_id: device.branch, name: device.name, profile: device.profile, status: "active" },
    },
    {
      entity: "device_key",
      id: newId(now, centre.random),
      branch: device.branch,
      fields: { device_id: id, epoch: 1, terminal_code: code, ed25519: device.ed25519, x25519: device.x25519 },
    },
  ]);
  return {
    practice,
    device: id,
    epoch: 1,
    branch: device.branch,
    terminalCode: code,
    profile: device.profile,
    notBefore: now,
  };
}

/** Codes are shown once and kept only as hashes. */
export function hashCode(code: string): string {
  return groupCrypto.hash(code.toUpperCase().replace(/[^A-Z0-9]/g, ""));
}
const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/** Twelve characters of an alphabet without look-alikes: `K7QD-4M2X-9PRT`, about 60 bits. */
export function makeCode(random: { bytes(count: number): Uint8Array }): string {
  const letters = [...random.bytes(12)].map((byte) => alphabet[byte % 32]).join("");
  return `${letters.slice(0, 4)}-${letters.slice(4, 8)}-${letters.slice(8)}`;
}
