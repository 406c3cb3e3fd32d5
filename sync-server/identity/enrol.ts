/** Joining: set-up codes for a new practice, enrolment codes for a device, a new epoch for a forked one. */

import type { z } from "zod";
import { sha1 } from "../../replica/crypto.ts";
import { can } from "../../src-shared/access/can.ts";
import type { DeviceProfile } from "../../src-shared/sync/entity.ts";
import { derivedId, newId } from "../../src-shared/sync/ids.ts";
import { refuse } from "../../src-shared/sync/ports.ts";
import type { Enrolment, setUpInput } from "../../src-shared/sync/wire.ts";
import type { Centre } from "../centre.ts";
import { writeAsCentre } from "../settle/write-as-centre.ts";
import { connectedDevice, type ServerConnection } from "../sync/connection.ts";
import { authenticate } from "../sync/hello.ts";
import { hashPassword } from "./people.ts";
import {
  createPractice,
  enrolDevice,
  hashCode,
  issueTerminalCode,
  makeCode,
  roleId,
  weekdayOpening,
} from "./provision.ts";

const codeLife = 86_400_000;

/** A code for one device, valid once and for a day. */
export async function createEnrolmentCode(
  centre: Centre,
  connection: ServerConnection,
  input: { by: string; branch: string; deviceName: string; profile: DeviceProfile },
): Promise<{ code: string; expiresAt: number }> {
  const { practice } = connectedDevice(connection);
  const [head] = await centre.db.query<{ authz: number }>("select authz from practice_head where practice_id=$1", [
    practice,
  ]);
  const access = await centre.access.current(centre.db, practice, head?.authz ?? 0);
  if (can(access, input.by, "devices:manage", { branch: input.branch }) !== "yes") {
    throw refuse("NO_PERMISSION", "Your role does not allow adding devices.", { permission: "devices:manage" });
  }
  const [branch] = await centre.db.query("select id from branch where practice_id=$1 and id=$2", [
    practice,
    input.branch,
  ]);
  if (!branch) throw refuse("NOT_FOUND", "The centre does not know this branch yet.");
  return storeCode(centre, { ...input, practice });
}

export async function storeCode(
  centre: Centre,
  input: { practice: string; by: string | null; branch: string; deviceName: string; profile: DeviceProfile },
): Promise<{ code: string; expiresAt: number }> {
  const code = makeCode(centre.random);
  const expiresAt = centre.now() + codeLife;
  await centre.db.query(
    `insert into enrolment_code (code_hash, practice_id, branch_id, device_name, profile, created_by_id, expires_at)
     values ($1,$2,$3,$4,$5,$6,$7)`,
    [hashCode(code), input.practice, input.branch, input.deviceName, input.profile, input.by, expiresAt],
  );
  const { practice, profile } = input;
  // Whoever enters the code finds the practice's data ready to be fetched; without a file they come by pages.
  await centre.files?.forCode({ practice, profile, codeHash: hashCode(code), expiresAt }).catch((error: Error) => {
    centre.log.warn("no file for a code", { error: error.message });
  });
  return { code, expiresAt };
}

export async function enrol(
  centre: Centre,
  input: { code: string; deviceName: string; ed25519: string; x25519: string },
): Promise<Enrolment> {
  const now = centre.now();
  const enrolment = await centre.db.transaction(async (tx) => {
    // One statement takes the code, so that two devices with the same code cannot both join.
    const [row] = await tx.query<{
      practice_id: string;
      branch_id: string;
      profile: DeviceProfile;
      device_name: string;
    }>(
      `update enrolment_code set used_at=$2 where code_hash=$1 and used_at is null and expires_at > $2
       returning practice_id, branch_id, profile, device_name`,
      [hashCode(input.code), now],
    );
    if (!row) throw refuse("BAD_CODE", "This code is wrong, used or older than a day. Ask head office for a new one.");
    const enrolled = await enrolDevice(centre, tx, row.practice_id, {
      branch: row.branch_id,
      name: input.deviceName || row.device_name,
      profile: row.profile,
      ed25519: input.ed25519,
      x25519: input.x25519,
    });
    await centre.files?.claim(tx, row.practice_id, hashCode(input.code), enrolled.device, input.x25519);
    return enrolled;
  });
  await wakePractice(centre, enrolment.practice);
  return enrolment;
}

/** A forked or restored device proves its old key and goes on under a new epoch and terminal code. */
export async function renew(
  centre: Centre,
  connection: ServerConnection,
  input: {
    practice: string;
    device: string;
    epoch: number;
    nonce: string;
    sig: string;
    ed25519: string;
    x25519: string;
  },
): Promise<Enrolment> {
  const row = await authenticate(centre, connection, input);
  if (row.status === "revoked") throw refuse("REVOKED", "This PC was taken out of the practice.");
  const enrolment = await centre.db.transaction(async (tx) => {
    await tx.query("select 1 from practice_head where practice_id=$1 for update", [input.practice]);
    const [newest] = await tx.query<{ epoch: number }>(
      "select max(epoch) as epoch from device_key where practice_id=$1 and device_id=$2",
      [input.practice, input.device],
    );
    const epoch = (newest?.epoch ?? input.epoch) + 1;
    const code = await issueTerminalCode(tx, input.practice, row.branch_id, row.profile, input.device, epoch);
    await writeAsCentre(centre.settle, tx, input.practice, "device.renew", [
      {
        entity: "device_key",
        id: newId(centre.now(), centre.random),
        branch: row.branch_id,
        fields: { device_id: input.device, epoch, terminal_code: code, ed25519: input.ed25519, x25519: input.x25519 },
      },
    ]);
    return {
      practice: input.practice,
      device: input.device,
      epoch,
      branch: row.branch_id,
      terminalCode: code,
      profile: row.profile,
      notBefore: centre.now(),
    };
  });
  connection.device = null;
  await wakePractice(centre, input.practice);
  return enrolment;
}

/** A new practice, its first branch and owner, and the device that asks: one transaction, by the one-time set-up code. */
export async function setUp(centre: Centre, input: z.infer<typeof setUpInput>): Promise<Enrolment> {
  if (centre.demo) throw refuse("DEMO", "This is a demo server; a real practice needs a server of its own.");
  const passwordHash = await hashPassword(input.ownerPassword);
  const enrolment = await centre.db.transaction(async (tx) => {
    const [code] = await tx.query("delete from server_meta where key='setup_code' and value=$1 returning key", [
      hashCode(input.setupCode),
    ]);
    if (!code) {
      throw refuse(
        "BAD_CODE",
        "This set-up code is wrong or was used. The server prints it when it starts without a practice.",
      );
    }
    const practice = await createPractice(centre, tx, { name: input.practiceName });
    const branch = newId(centre.now(), centre.random);
    const owner = newId(centre.now(), centre.random);
    const role = roleId(practice, "OW");
    await writeAsCentre(centre.settle, tx, practice, "practice.set-up", [
      {
        entity: "branch",
        id: branch,
        branch,
        fields: {
          name: input.branchName,
          code: input.branchCode,
          time_zone: input.timeZone,
          address: null,
          phone: null,
          opening: weekdayOpening,
          is_lab: true,
        },
      },
      {
        entity: "app_user",
        id: owner,
        fields: {
          display_name: input.ownerName,
          email: input.ownerEmail,
          job_title: "Owner",
          registration_number: null,
          active: true,
          primary_role_id: role,
          home_branch_id: branch,
        },
      },
      {
        entity: "user_role",
        id: derivedId(sha1, practice, { subject: owner, reaction: `role:${role}`, index: 0 }),
        fields: { user_id: owner, role_id: role, branch_id: null },
      },
    ]);
    await tx.query(
      "insert into user_credential (practice_id, user_id, hash, changed_at, failed, locked_until) values ($1,$2,$3,$4,0,0)",
      [practice, owner, passwordHash, centre.now()],
    );
    return enrolDevice(centre, tx, practice, {
      branch,
      name: input.deviceName,
      profile: "single",
      ed25519: input.ed25519,
      x25519: input.x25519,
    });
  });
  await wakePractice(centre, enrolment.practice);
  return enrolment;
}

/** Tells streams that the centre itself wrote. */
export async function wakePractice(centre: Centre, practice: string): Promise<void> {
  const [head] = await centre.db.query<{ seq: number }>("select seq from practice_head where practice_id=$1", [
    practice,
  ]);
  if (head) centre.hub.wake(practice, head.seq);
}
