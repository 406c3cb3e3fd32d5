/** A device with a right key, whose program writes what it likes, for tests of what the centre takes. */
import { schemaVersion } from "../migrations/index.ts";
import { groupCrypto, sha1, signer, systemRandom } from "../replica/crypto.ts";
import { type Body, sealGroup, zeroHash } from "../src-shared/sync/group.ts";
import { type Hlc, packHlc } from "../src-shared/sync/hlc.ts";
import { derivedId, newId } from "../src-shared/sync/ids.ts";
import { entityOf } from "../src-shared/sync/registry.ts";
import type { Verdict } from "../src-shared/sync/wire.ts";
import type { Centre } from "../sync-server/centre.ts";
import { greet } from "./greeted.ts";
import { enrolTestDevice, type SmallPractice, smallPractice } from "./practice.ts";

const random = systemRandom();
/** An id that nobody has. */
export const freshId = () => newId(Date.now(), random);
export type ForgedRoom = Awaited<ReturnType<typeof openForgedRoom>>;

/** A practice of its own with one such device in its branch in Leeds. */
export async function openForgedRoom(centre: Centre) {
  const practice = await smallPractice(centre);
  const where = { branch: practice.branches.leeds, profile: "single" as const, name: "room" };
  const room = await enrolTestDevice(centre, practice.practice, where, random);
  const line = await greet(centre, room);
  let seq = 0;
  let prev = zeroHash;

  function body(entity: string, fields: Record<string, unknown>, changes: Partial<Body> = {}): Body {
    const { stream } = entityOf(entity);
    const base: Body = {
      id: freshId(),
      branch: practice.branches.leeds,
      stream: (stream === "subject" ? "clinical" : stream) as Body["stream"],
      entity,
      row: freshId(),
      op: "insert",
      fields,
      base: {},
    };
    return { ...base, ...changes };
  }

  /** Pushes a group of `who`'s, by person's code or id; what the centre said of it. */
  async function push(who: string, ...bodies: Body[]): Promise<Verdict> {
    const user = practice.people[who as keyof SmallPractice["people"]] ?? who;
    const [first] = bodies;
    const stream = first?.stream;
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
      stream,
    };
    const audit = body("audit_entry", words, first ? { stream: first.stream } : {});
    const all = [...bodies, audit];
    const { wire, headerHash } = sealGroup(
      { ...groupCrypto, ...signer(room.privateKey) },
      {
        practice: practice.practice,
        group: freshId(),
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

  const derive = (subject: string, reaction: string, index = 0) =>
    derivedId(sha1, practice.practice, { subject, reaction, index });
  return { practice, body, push, derive };
}
