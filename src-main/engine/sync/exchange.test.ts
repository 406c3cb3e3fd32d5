import { copyFileSync, cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeSealingKeys } from "../../../replica/crypto.ts";
import { openReplica } from "../../../replica/open.ts";
import { CannotUnseal, unseal } from "../../../replica/sealing.ts";
import { openCentreDatabase, until } from "../../../sim/clinic.ts";
import {
  codeAt,
  type FilingCentre,
  practiceAt,
  startFiled,
  startFilingCentre,
  temporaryFolder,
} from "../../../sim/filing.ts";
import { type SmallPractice, systemClock } from "../../../sim/practice.ts";
import { registerPatient } from "../../../sim/work.ts";
import { productRules } from "../../../src-shared/sync/rules.ts";
import { type BootstrapFile, bakedKeyPurpose } from "../../../src-shared/sync/wire.ts";
import type { Database } from "../../../sync-server/database/database.ts";
import { maskOf } from "../../../sync-server/sync/connection.ts";
import { nextDataKey, openDataKey, stageNextKey, takeNextKey } from "../../secrets/data-key.ts";
import { mapStore } from "../../secrets/map-store.ts";
import type { Identity } from "../state.ts";
import { adoptFile, CannotAdopt } from "./adopt.ts";
import { downloadOf, replaceFile } from "./exchange.ts";

type Ready = Extract<BootstrapFile, { kind: "ready" }>;

let db: Database;
let centre: FilingCentre;
let practice: SmallPractice;
/** A till with something unsent, closed; its file lies ready beside its replica, as after a download. */
const till = { folder: temporaryFolder(), secrets: new Map<string, string>(), patient: "" };
let identity: Identity;
let file: Ready;

beforeAll(async () => {
  db = await openCentreDatabase();
  const folder = temporaryFolder();
  centre = await startFilingCentre(db, { folder });
  practice = await practiceAt(centre);
  const device = await startFiled(centre.url, till);
  const code = await codeAt(centre, practice);
  await device.workstation.join(centre.url, (line, keys) => line.enrol({ code, deviceName: "Till", ...keys }));
  const engine = () => device.workstation.engine();
  await until(
    () => engine().sync.status().phase === "live",
    () => "not filled",
  );
  engine().sync.setPlugged(false);
  const person = { givenName: "Margaret", familyName: "Ellison", dateOfBirth: "1958-12-03", phone: null };
  const made = engine().execute(registerPatient, person, { user: practice.people.DO, role: null });
  till.patient = (made as { id: string }).id;
  identity = engine().identity();
  await device.close();
  // A file of its own: the one that filled the till has the key of its replica.
  await db.query("delete from baked_file");
  const { profile, branch, epoch, publicKey } = identity;
  const asking = { practice: identity.practice, device: identity.device, mask: maskOf(profile) };
  for (;;) {
    const answer = await centre.files.offer({ ...asking, profile, branch, epoch, publicKey, standing: "whole" });
    if (answer.kind !== "ready") continue;
    file = answer;
    break;
  }
  copyFileSync(join(folder, "baked", `${file.id}.db`), downloadOf(join(till.folder, "replica.db")));
}, 60_000);
afterAll(async () => {
  await centre.close();
  await db.close();
});

/** A copy of the till's folder and keychain, to break something in. */
function copyOfTill() {
  const folder = temporaryFolder();
  cpSync(till.folder, folder, { recursive: true });
  const secrets = new Map(till.secrets);
  const store = mapStore("test", Object.fromEntries(secrets), async (entries) => {
    secrets.clear();
    for (const [name, value] of Object.entries(entries)) secrets.set(name, value);
  });
  const path = join(folder, "replica.db");
  return { folder, secrets, path, part: downloadOf(path), keys: { folder, secrets: store } };
}
type Copy = ReturnType<typeof copyOfTill>;

const newKey = () => unseal(identity.sealingPrivateKey, bakedKeyPurpose(file.id), file.sealedKey);
const cursor = () => ({ serverEpoch: file.serverEpoch, streamSet: file.streamSet, seq: file.seq });
const now = () => systemClock.wall();

/** The steps of an exchange, one after the other. */
const steps: readonly [name: string, (copy: Copy) => Promise<void>][] = [
  ["the next key is kept", ({ keys }) => stageNextKey(keys, newKey())],
  [
    "the file is the device's own",
    async ({ part, path, keys }) => {
      const old = { path, key: await openDataKey(keys) };
      adoptFile({ file: { path: part, key: newKey() }, cursor: cursor(), old, rules: productRules, now: now() });
    },
  ],
  ["the file has the replica's name", async ({ part, path }) => replaceFile(part, path)],
  ["the next key is the key", ({ keys }) => takeNextKey(keys)],
];

test.each([0, 1, 2, 3, 4])("power that fails after %i steps of an exchange loses nothing", async (done) => {
  const copy = copyOfTill();
  for (const [, step] of steps.slice(0, done)) await step(copy);
  const device = await startFiled(centre.url, { folder: copy.folder, secrets: copy.secrets });
  const engine = () => device.workstation.engine();
  // At once, before the centre is asked for anything: what was typed is there.
  const found = () => engine().read.sql<{ id: string }>("select id from patient");
  expect(found().map(({ id }) => id)).toEqual([till.patient]);
  expect(engine().state.writeState().deviceSeq).toBe(1);
  const exchanged = done >= 2;
  expect(existsSync(copy.part)).toBe(!exchanged);
  // The old key goes too: there is no backup that needs it.
  await until(
    () => copy.secrets.size === (exchanged || done === 0 ? 1 : 2),
    () => `${copy.secrets.size} keys`,
  );
  await until(
    () => engine().sync.status().phase === "live" && engine().replica.unsettledCount() === 0,
    () => `never met: ${JSON.stringify(engine().sync.status())}`,
  );
  await device.close();
  // The copies of the till are one device: the first of them settled it, once.
  const [row] = await db.query<{ n: number }>("select count(*) as n from patient where practice_id=$1", [
    practice.practice,
  ]);
  expect(row?.n).toBe(1);
});

test("a file that was adopted before the device wrote more is not taken", async () => {
  const copy = copyOfTill();
  for (const [, step] of steps.slice(0, 2)) await step(copy);
  const key = await openDataKey(copy.keys);
  const old = openReplica({ path: copy.path, key });
  old.exec("update sync_clock set device_seq = device_seq + 1");
  old.close();
  const device = await startFiled("http://127.0.0.1:1", { folder: copy.folder, secrets: copy.secrets });
  expect(device.workstation.engine().state.writeState().deviceSeq).toBe(2);
  await device.close();
  expect(Buffer.from(await openDataKey(copy.keys))).toEqual(Buffer.from(key));
  expect(await nextDataKey(copy.keys)).not.toBeNull();
  // Nor is it adopted a second time: what is not settled lies in it already.
  const again = { file: { path: copy.part, key: newKey() }, cursor: cursor(), old: { path: copy.path, key } };
  expect(() => adoptFile({ ...again, rules: productRules, now: now() })).toThrow(CannotAdopt);
});

test("the centre has forgotten the file's key, and no other device can unseal it", async () => {
  const [row] = await db.query<{ wrapped_key: string | null; sealed_key: string }>(
    "select wrapped_key, sealed_key from baked_file where id=$1",
    [file.id],
  );
  expect(row).toEqual({ wrapped_key: null, sealed_key: file.sealedKey });
  const other = makeSealingKeys();
  expect(() => unseal(other.privateKey, bakedKeyPurpose(file.id), file.sealedKey)).toThrow(CannotUnseal);
  expect(() => unseal(identity.sealingPrivateKey, bakedKeyPurpose("another"), file.sealedKey)).toThrow(CannotUnseal);
  expect(newKey()).toHaveLength(32);
});
