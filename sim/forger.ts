/** A device with a right key, whose program writes what it likes: what a centre has to stand up to. */
import { schemaVersion } from "../migrations/index.ts";
import { groupCrypto, signer, systemRandom } from "../replica/crypto.ts";
import { type Body, sealGroup, zeroHash } from "../src-shared/sync/group.ts";
import { type Hlc, packHlc } from "../src-shared/sync/hlc.ts";
import { newId } from "../src-shared/sync/ids.ts";
import { entityOf } from "../src-shared/sync/registry.ts";
import type { Verdict } from "../src-shared/sync/wire.ts";
import type { Centre } from "../sync-server/centre.ts";
import { greet } from "./greeted.ts";
import { enrolTestDevice, type SmallPractice, smallPractice } from "./practice.ts";

export interface Forger {
  readonly practice: SmallPractice;
  readonly device: string;
  /** A body of that entity in the branch of Leeds; what rides with its subject is clinical unless `changes` says otherwise. */
  body(entity: string, fields: Record<string, unknown>, changes?: Partial<Body>): Body;
  /** Pushes one group in the name of `user`, with the audit entry that every group has; what the centre said of it. */
  push(user: string, ...bodies: Body[]): Promise<Verdict>;
}

/** A practice of its own with one such device, at Leeds, that holds every stream. */
export async function openForger(centre: Centre): Promise<Forger> {
  const random = systemRandom();
  const practice = await smallPractice(centre);
  const where = { branch: practice.branches.leeds, profile: "single" as const, name: "room" };
  const room = await enrolTestDevice(centre, practice.practice, where, random);
  const line = await greet(centre, room);
  const id = () => newId(Date.now(), random);
  let seq = 0;
  let prev = zeroHash;

  const body: Forger["body"] = (entity, fields, changes = {}) => {
    const { stream } = entityOf(entity);
    return {
      id: id(),
      branch: practice.branches.leeds,
      stream: (stream === "subject" ? "clinical" : stream) as Body["stream"],
      entity,
      row: id(),
      op: "insert",
      fields,
      base: {},
      ...changes,
    };
  };

  async function push(user: string, ...bodies: Body[]): Promise<Verdict> {
    const [first] = bodies;
    const words = {
      action: "test",
      subject_entity: first?.entity,
      subject_id: first?.row,
      patient_id: null,
      user_id: user,
      device_id: room.device,
      branch_id: practice.branches.leeds,
      changed: [],
      at: Date.now(),
      stream: first?.stream,
    };
    const all = [...bodies, body("audit_entry", words, first ? { stream: first.stream } : {})];
    const { wire, headerHash } = sealGroup(
      { ...groupCrypto, ...signer(room.privateKey) },
      {
        practice: practice.practice,
        group: id(),
        device: room.device,
        epoch: 1,
        seq: ++seq,
        prev,
        user,
        role: null,
        authz: 1_000_000,
        schema: schemaVersion,
        app: "test",
        command: "test",
        after: [],
        hlc: packHlc({ ms: Date.now(), counter: seq, node: room.node }) as Hlc,
      } as never,
      all,
      all.map(() => Buffer.from(random.bytes(16)).toString("base64url")),
    );
    prev = headerHash;
    const answer = await line.caller.sync.push({ groups: [wire] });
    if (answer.kind !== "verdicts") throw new Error(answer.kind);
    return answer.verdicts[0] as Verdict;
  }
  return { practice, device: room.device, body, push };
}
