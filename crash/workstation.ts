/**
 * One workstation of the crash run, a process of its own: the product's engine on its encrypted file, joined over the
 * real socket, at work without a pause worth the name. It is killed at any moment; what it wrote to the file of
 * receipts is what a person was shown.
 */
import { randomBytes } from "node:crypto";
import { fsyncSync, openSync, writeSync } from "node:fs";
import { groupCrypto } from "../replica/crypto.ts";
import { chance } from "../sim/world.ts";
import { checkout, pay } from "../src-main/engine/dispensing/checkout.ts";
import type { Engine } from "../src-main/engine/engine.ts";
import { advanceJob, noteOnJob } from "../src-main/engine/lab/commands.ts";
import { addOutsidePrescription, registerPatient, updatePatient } from "../src-main/engine/patients/commands.ts";
import { webSocketUpstream } from "../src-main/engine/sync/websocket.ts";
import { createWorkstation, type Workstation } from "../src-main/engine/workstation.ts";
import type { Command } from "../src-main/engine/write/define.ts";
import { clock, random, timers } from "../src-main/host/surroundings.ts";
import { dataKeys } from "../src-main/host/wiring.ts";
import { chooseSecretStore } from "../src-main/secrets/choose.ts";
import { keyFile } from "../src-main/secrets/key-file.ts";
import { allowedStages } from "../src-shared/lab/flow.ts";
import { type Body, hashHeader } from "../src-shared/sync/group.ts";
import { type Log, Refusal } from "../src-shared/sync/ports.ts";
import type { Asked, Place, Shown, Told } from "./messages.ts";

const place = JSON.parse(process.env.HOROPTER_CRASH_PLACE ?? "null") as Place;
const dice = chance(place.seed);
const tell = (told: Told) => process.send?.(told);
const problem = (error: unknown) =>
  tell({ kind: "problem", message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
process.on("uncaughtException", problem);
process.on("unhandledRejection", problem);
process.on("disconnect", () => process.exit(1));

const log: Log = {
  info() {},
  warn() {},
  error: (event, detail) => problem(`${event} ${JSON.stringify(detail ?? {})}`),
};

async function open(): Promise<Workstation> {
  const { folder, serverUrl } = place;
  const secrets = await chooseSecretStore(folder, [keyFile]);
  const workstation = await createWorkstation({
    folder,
    ...dataKeys({ folder, secrets }),
    connect: (url) => webSocketUpstream(url, timers),
    serverUrl,
    clock,
    timers,
    random,
    log,
    version: "crash",
    pcName: place.name,
  });
  if (!workstation.engineOrNull()) {
    await workstation.join(serverUrl, (connection, keys) =>
      connection.enrol({ code: place.code, deviceName: place.name, ...keys }),
    );
  }
  return workstation;
}

const workstation = await open();
const engine = workstation.engine();
tell({ kind: "joined" });
const receipts = openSync(place.receipts, "a", 0o600);
let resting = false;

process.on("message", (asked: Asked) => {
  if (asked === "rest") resting = true;
  else if (asked === "end") void workstation.close().then(() => process.exit(0));
  else {
    const cursor = engine.state.cursor();
    tell({
      kind: "status",
      phase: engine.sync.status().phase,
      ready: engine.ready(),
      pending: engine.replica.pending().length,
      seq: cursor?.seq ?? 0,
      epoch: cursor?.serverEpoch ?? "",
    });
  }
});

/** The command returned: from here on a person has seen it, so it is on the disk before anything else happens. */
function show(kind: Shown["kind"], sale?: Shown["sale"]): void {
  const [row] = engine.db
    .prepare("select lower(hex(group_id)) as id, header, bodies from sync_outbox order by device_seq desc limit 1")
    .all() as { id: string; header: string; bodies: string }[];
  if (!row) throw new Error("a command returned and left no group");
  const bodies = (JSON.parse(row.bodies) as { body: string }[]).map(({ body }) => JSON.parse(body) as Body);
  const shown: Shown = {
    device: place.name,
    kind,
    group: row.id,
    headerHash: hashHeader(groupCrypto, row.header),
    rows: bodies.filter(({ op }) => op === "insert").map(({ entity, row: id }) => [entity, id] as const),
    ...(sale && { sale }),
  };
  writeSync(receipts, `${JSON.stringify(shown)}\n`);
  fsyncSync(receipts);
}

function as<I, O>(user: string, command: Command<I, O>, input: unknown): O {
  return engine.execute(command, input, { user, role: null });
}

/** One id of a table by chance, or null while it is empty. */
function any(engine: Engine, sql: string): string | null {
  const ids = engine.db.prepare(sql).pluck().all() as Buffer[];
  return ids.length === 0 ? null : dice.pick(ids).toString("hex");
}

const sphere = -4250;
const eye = { sphere, cylinder: -1250, axis: 15, add: 2250 };
const measurements = { pd_r: 315, pd_l: 305, height_r: 190, height_l: 190, bvd: 120 };

function sell(seller: string): void {
  const prescription = any(engine, "select id from prescription order by id desc limit 8");
  if (prescription === null || dice.happens(0.15)) {
    const { id: patientId } = as(seller, registerPatient, {
      givenName: "Margaret",
      familyName: `Ellison ${randomBytes(3).toString("hex")}`,
      dateOfBirth: "1958-12-03",
      phone: "07700 900418",
    });
    show("patient");
    const dates = { issuedOn: "2026-01-09", expiresOn: "2036-01-09" };
    as(seller, addOutsidePrescription, { patientId, r: eye, l: eye, bvd: 120, ...dates, prescriber: "Elsewhere" });
    show("prescription");
    return;
  }
  const [row] = engine.db
    .prepare("select patient_id from prescription where id=?")
    .all(Buffer.from(prescription, "hex")) as { patient_id: Buffer }[];
  const total = 44_700;
  const paid = dice.pick([total, total, total / 2, 5_000, 0]);
  const sold = as(seller, checkout, {
    patientId: row?.patient_id.toString("hex"),
    prescriptionId: prescription,
    frameId: place.frame,
    lensId: place.lens,
    measurements,
    tenders: paid === 0 ? [] : [{ tender: dice.pick(["card", "cash"]), amount: paid }],
  });
  show("sale", { id: sold.saleId, number: sold.number, total: sold.total, paid: sold.paid });
}

function payLater(seller: string): void {
  const sale = any(engine, "select id from sale where balance > 0 order by id desc limit 10");
  if (sale === null) return;
  as(seller, pay, { saleId: sale, tenders: [{ tender: "cash", amount: 20_000 }] });
  show("payment");
}

function edit(seller: string): void {
  const patient = any(engine, "select id from patient order by id desc limit 5");
  if (patient === null) return;
  const details = { [dice.pick(["phone", "notes", "allergies"])]: `${place.name} ${randomBytes(4).toString("hex")}` };
  if (as(seller, updatePatient, { id: patient, details }).changed) show("edit");
}

function moveJob(): void {
  const id = any(engine, "select id from job where stage <> 'collected' order by id desc limit 12");
  if (id === null) return;
  const job = engine.db.prepare("select stage, held, cancelled from job where id=?").get(Buffer.from(id, "hex")) as {
    stage: string;
    held: number;
    cancelled: number;
  };
  const [next] = allowedStages({ stage: job.stage, held: job.held === 1, cancelled: job.cancelled === 1 });
  if (next && !dice.happens(0.2)) as(place.technician, advanceJob, { jobId: id, to: next });
  else as(place.technician, noteOnJob, { jobId: id, text: `Seen at ${place.name}` });
  show("move");
}

function work(): void {
  const { seller } = place;
  const what = dice.next();
  if (seller === null) moveJob();
  else if (what < 0.55) sell(seller);
  else if (what < 0.7) payLater(seller);
  else if (what < 0.85) edit(seller);
  else moveJob();
}

const ready = () =>
  new Promise<void>((resolve) => {
    const look = () => {
      if (engine.ready()) resolve();
      else setTimeout(look, 20);
    };
    look();
  });
await ready();
// As the sync server does: from here on it is at work.
console.log('{"ready":true}');
while (!resting) {
  try {
    work();
  } catch (error) {
    // Two devices at one job: what a colleague did meanwhile is a refusal like any other.
    if (!(error instanceof Refusal)) problem(error);
  }
  // Bursts, as at a till: a kill falls inside a transaction about as often as between two.
  await new Promise((resolve) => setTimeout(resolve, dice.happens(0.6) ? 0 : dice.int(90)));
}
