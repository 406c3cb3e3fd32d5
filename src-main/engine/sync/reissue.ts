/**
 * A device that met a copy of itself, or was restored from a backup, goes on under a new epoch: it writes its unsettled
 * groups anew with the same change ids, new stamps, numbers drawn from its new terminal code, and the printed numbers
 * kept beside them (architecture §3.8). One transaction: a power cut leaves the old identity or the new.
 */

import { schemaVersion } from "../../../migrations/index.ts";
import { groupCrypto, signer } from "../../../replica/crypto.ts";
import type { PendingGroup, Replica } from "../../../replica/replica.ts";
import { type Body, type Header, hashHeader, sealGroup, zeroHash } from "../../../src-shared/sync/group.ts";
import { zeroHlc } from "../../../src-shared/sync/hlc.ts";
import type { Random } from "../../../src-shared/sync/ids.ts";
import { newId } from "../../../src-shared/sync/ids.ts";
import { entityOf } from "../../../src-shared/sync/registry.ts";
import type { SyncRules } from "../../../src-shared/sync/rules.ts";
import { liftFence } from "../care/fence.ts";
import type { EngineState, Identity } from "../state.ts";
import type { EngineTime } from "../time.ts";
import { createLabels } from "../write/labels.ts";

export interface ReissueOptions {
  readonly replica: Replica;
  readonly state: EngineState;
  readonly from: Identity;
  readonly to: Identity;
  readonly time: EngineTime;
  readonly random: Random;
  readonly rules: SyncRules;
  readonly app: string;
}

export function reissue(options: ReissueOptions): void {
  options.replica.rebase(() => writeAnew(options));
}

function writeAnew(options: ReissueOptions): void {
  const { replica, state, to, time, random, rules } = options;
  const { store } = replica;
  const pending = replica.pending();
  for (const group of [...pending].reverse()) replica.undo(group.group);
  // Signed with the old key, they can travel no more; whoever decides on them sends them anew.
  replica.withdrawOffers();
  store.runFolds();
  state.setMeta("identity", to);
  liftFence(replica.db);
  const relabelled = new Map<string, string>();
  let prev = zeroHash;
  for (const group of pending) {
    const old = JSON.parse(group.wire.header) as Header;
    const { bodies, renamed } = rewrite(options, group, relabelled);
    const now = time.now();
    const before = state.writeState();
    let observed = zeroHlc;
    for (const body of bodies) {
      const row = body.op === "insert" ? null : store.get(entityOf(body.entity), body.row);
      const seen = row ? replica.observed(row, body) : zeroHlc;
      if (seen > observed) observed = seen;
    }
    const { hlc, next } = rules.stamp(before, now, to.node, observed);
    const all = [...bodies, ...renamed.map((label) => relabelTask(label, now, old, random))];
    const deviceSeq = before.deviceSeq + 1;
    const { wire, headerHash } = sealGroup(
      { ...groupCrypto, ...signer(to.privateKey) },
      {
        ...old,
        device: to.device,
        epoch: to.epoch,
        seq: deviceSeq,
        prev,
        schema: schemaVersion,
        app: options.app,
        hlc,
        reissues: hashHeader(groupCrypto, group.wire.header),
      },
      all,
      all.map(() => Buffer.from(random.bytes(16)).toString("base64url")),
    );
    replica.addToOutbox({ deviceSeq, group: group.group, hlc, command: group.command, madeAt: group.madeAt, wire });
    for (const body of all) {
      const entity = entityOf(body.entity);
      const visible = store.get(entity, body.row);
      if (body.op === "insert" && visible) continue;
      if (body.op !== "insert" && !visible) continue;
      replica.writeOwn(entity, body, hlc, group.group, visible);
    }
    prev = headerHash;
    state.saveWriteState({ ...next, deviceSeq, prev });
  }
  if (pending.length === 0) state.saveWriteState({ ...state.writeState(), prev: zeroHash });
  store.runFolds();
}

/** The bodies with numbers of the old terminal drawn anew; whatever names such a number follows it. */
function rewrite(
  { replica, from, to, rules }: ReissueOptions,
  group: PendingGroup,
  relabelled: Map<string, string>,
): { bodies: Body[]; renamed: { entity: string; row: string; from: string; to: string; stream: Body["stream"] }[] } {
  const labels = createLabels(replica.db);
  const renamed: { entity: string; row: string; from: string; to: string; stream: Body["stream"] }[] = [];
  const bodies = replica.bodiesOf(group).map((written): Body => {
    // The record of who signed what is of the device that signs; where a sale was made stays as it was.
    const body =
      written.entity === "audit_entry" ? { ...written, fields: { ...written.fields, device_id: to.device } } : written;
    const number = body.fields.number;
    if (body.op !== "insert" || typeof number !== "string" || !rules.redrawNumbers) return body;
    const series = entityOf(body.entity).series;
    let label: string | undefined;
    if (series !== undefined) {
      const branchCode = number.split("-")[0] ?? "";
      label = labels.draw({ branchCode, terminal: to.terminalCode }, series);
      relabelled.set(number, label);
    } else {
      // A job is called after its sale and the pair's ordinal.
      const [sale = "", ordinal = ""] = number.split("/");
      const renamedSale = relabelled.get(sale);
      label = renamedSale ? `${renamedSale}/${ordinal}` : undefined;
    }
    if (!label || from.terminalCode === to.terminalCode) return body;
    renamed.push({ entity: body.entity, row: body.row, from: number, to: label, stream: body.stream });
    return { ...body, fields: { ...body.fields, number: label, printed_number: number } };
  });
  return { bodies, renamed };
}

function relabelTask(
  label: { entity: string; row: string; from: string; to: string; stream: Body["stream"] },
  now: number,
  header: Header,
  random: Random,
): Body {
  return {
    id: newId(now, random),
    branch: null,
    stream: label.stream,
    entity: "review_task",
    row: newId(now, random),
    op: "insert",
    fields: {
      kind: "relabelled",
      subject_entity: label.entity,
      subject_id: label.row,
      branch_id: null,
      args: { printed: label.from, number: label.to, user: header.user },
      raised_at: now,
      decided_at: null,
      decided_by_id: null,
      decision: null,
      note: null,
      stream: label.stream,
      owner_id: header.user,
    },
    base: {},
  };
}
