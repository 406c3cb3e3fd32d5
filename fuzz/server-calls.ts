/** Calls of the sync server's procedures, in process: by nobody, by devices of two practices, with every kind of input. */
import fc from "fast-check";
import { schemaVersion } from "../migrations/index.ts";
import { signer } from "../replica/crypto.ts";
import type { Identity } from "../src-main/engine/state.ts";
import type { Refusal } from "../src-shared/sync/ports.ts";
import { helloMessage } from "../src-shared/sync/wire.ts";
import { syncRouter } from "../sync-server/router.ts";
import type { ServerConnection } from "../sync-server/sync/connection.ts";
import { call, inputsOf, type Outcome, type Procedure, proceduresOf } from "./procedures.ts";
import { type ServerConnectionKind, type ServerWorld, secretOfOthers } from "./server-world.ts";
import { resolved } from "./values.ts";

export interface ServerCall {
  readonly path: string;
  readonly as: ServerConnectionKind;
  readonly input: unknown;
  /** Signs what a device signs, with the key of the device that is named. */
  readonly sign: boolean;
}

/** Passwords cost a tenth of a second each, by intent: they get fewer inputs. */
const dear = new Set(["people.signIn", "people.setPassword", "practice.setUp", "tokens.create"]);

export function serverProcedures(): Procedure[] {
  return proceduresOf(syncRouter);
}

export function serverCalls(procedures = serverProcedures()): fc.Arbitrary<ServerCall> {
  return fc.oneof(
    ...procedures.map((procedure) => ({
      weight: dear.has(procedure.path) ? 1 : 60,
      arbitrary: fc.record({
        path: fc.constant(procedure.path),
        as: fc.constantFrom<ServerConnectionKind>("nobody", "asked", "till", "till", "bench", "other"),
        input: inputsOf(procedure),
        sign: fc.boolean(),
      }),
    })),
  );
}

/** Makes the call and looks that nothing was half done and nothing of another practice told. @throws what is wrong. */
export async function checkServerCall(world: ServerWorld, given: ServerCall): Promise<Outcome["kind"]> {
  const procedure = serverProcedures().find(({ path }) => path === given.path);
  if (!procedure) throw new Error(`there is no procedure ${given.path}`);
  const connection = await world.connection(given.as);
  const input = await prepared(world, given, connection);
  const limit = () => {};
  let outcome: Outcome;
  try {
    outcome = await call(syncRouter, procedure, { centre: world.centre, connection, limit }, input, 15);
  } catch (error) {
    throw new Error(`${given.path} as ${given.as}: ${(error as Error).stack}`, { cause: error });
  }
  const { wrote } = await world.whole();
  if (wrote && outcome.kind !== "answered") throw new Error(`${given.path} was refused and has written all the same`);
  if (wrote && procedure.type !== "mutation") throw new Error(`${given.path} only reads and has written`);
  await tellsNothingOfOthers(world, given, outcome, input);
  return outcome.kind;
}

async function prepared(world: ServerWorld, given: ServerCall, connection: ServerConnection): Promise<unknown> {
  const look = await world.ids.lookAll(world.practice.practice, given.input, world.others.practice);
  const input = resolved(given.input, look);
  if (given.sign && connection.nonce && isRecord(input) && typeof input.sig === "string") {
    const identity: Identity = Math.abs(Number(input.epoch)) % 2 ? world.practice.till : world.practice.bench;
    const { practice, device } = identity;
    const { nonce } = connection;
    const sig = signer(identity.privateKey).sign(helloMessage(nonce, device, 1, practice));
    return { ...input, practice, device, epoch: 1, nonce, sig, protocol: 1, schema: schemaVersion };
  }
  // A cursor that could be this device's own.
  if (given.sign && given.path === "sync.stream" && isRecord(input))
    return { ...input, streamSet: connection.device?.mask ?? 1, seq: Math.abs(Number(input.seq)) % 60 || 0 };
  return input;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** P11: no row of another practice, by its name or its id, unless the asker named it first. */
async function tellsNothingOfOthers(
  world: ServerWorld,
  given: ServerCall,
  outcome: Outcome,
  input: unknown,
): Promise<void> {
  if (given.as === "other" || outcome.kind === "bad-request") return;
  const told =
    outcome.kind === "answered"
      ? (JSON.stringify(outcome.output) ?? "")
      : JSON.stringify([(outcome.refusal satisfies Refusal).message, outcome.refusal.args]);
  if (told.includes(secretOfOthers)) throw new Error(`${given.path} tells a name of another practice`);
  const asked = JSON.stringify(input) ?? "";
  const theirs = new Set([
    world.others.practice,
    ...(await world.ids.look(world.others.practice, "app_user")),
    ...(await world.ids.look(world.others.practice, "branch")),
    ...(await world.ids.look(world.others.practice, "device")),
    ...(await world.ids.look(world.others.practice, "device_key")),
  ]);
  for (const [id] of told.matchAll(/[0-9a-f]{32}/g))
    if (theirs.has(id) && !asked.includes(id)) throw new Error(`${given.path} tells an id of another practice`);
}
