/** A replica of a large practice on an encrypted file, made by the generator; for `query` and `open`. */
import { directUpstream } from "../sim/direct.ts";
import { openTestCentre } from "../sim/practice.ts";
import { random } from "../src-main/host/surroundings.ts";
import type { DeviceProfile } from "../src-shared/sync/entity.ts";
import type { Id } from "../src-shared/sync/fields.ts";
import { packHlc } from "../src-shared/sync/hlc.ts";
import { newId } from "../src-shared/sync/ids.ts";
import { entityOf } from "../src-shared/sync/registry.ts";
import { practiceRows } from "./generator.ts";
import { type BenchPractice, benchDevice, benchPractice, fill, openEngine } from "./support.ts";

export interface LargeReplica {
  readonly path: string;
  /** Hex of the 32 bytes. */
  readonly key: string;
  readonly rows: number;
  readonly people: BenchPractice["people"];
  /** Patients with some 300 records each. */
  readonly regulars: readonly Id[];
  /** Some patients, spread over the practice. */
  readonly patients: readonly {
    readonly id: Id;
    readonly given: string;
    readonly family: string;
    readonly born: string;
    readonly phone: string;
  }[];
}

const regularPatients = 20;
/** Rows in one transaction while the file is made. */
const perTransaction = 20_000;

export async function makeLargeReplica(
  folder: string,
  patients: number,
  { name = "large", profile = "till" }: { name?: string; profile?: DeviceProfile } = {},
): Promise<LargeReplica> {
  const centre = await openTestCentre();
  const practice = await benchPractice(centre);
  const identity = await benchDevice(centre, practice, profile, practice.branches.leeds);
  const device = openEngine(
    folder,
    name,
    identity,
    directUpstream(() => centre),
  );
  await fill(device.engine);
  const { db, replica } = device.engine;
  const now = centre.now();
  const rows = practiceRows({
    seed: 1,
    patients,
    longHistories: regularPatients,
    newId: (at) => newId(at, random),
    base: {
      hlc: packHlc({ ms: now, counter: 0, node: identity.node }),
      now,
      branch: practice.branches.leeds,
      branchCode: "LDS",
      labBranch: practice.branches.york,
      device: identity.device,
      optometrist: practice.people.CL,
      dispenser: practice.people.DO,
      frame: practice.products.frame,
      lens: practice.products.lens,
    },
  });
  const regulars: Id[] = [];
  const some: { id: Id; given: string; family: string; born: string; phone: string }[] = [];
  const each = Math.max(1, Math.floor(patients / 1000));
  let seen = 0;
  let written = 0;
  let more = true;
  while (more) {
    db.transaction(() => {
      for (let n = 0; n < perTransaction; n++) {
        const next = rows.next();
        if (next.done) {
          more = false;
          break;
        }
        const { entity, row } = next.value;
        replica.store.insert(row, entityOf(entity));
        written += 1;
        if (entity === "patient" && regulars.length < regularPatients) regulars.push(row.id);
        if (entity === "patient" && seen++ % each === 0) {
          some.push({
            id: row.id,
            given: row.given_name as string,
            family: row.family_name as string,
            born: row.date_of_birth as string,
            phone: row.phone as string,
          });
        }
      }
      replica.store.runFolds();
    }).immediate();
  }
  db.exec("analyze");
  db.pragma("wal_checkpoint(TRUNCATE)");
  device.close();
  await centre.db.close();
  return {
    path: device.path,
    key: Buffer.from(device.key).toString("hex"),
    rows: written,
    regulars,
    patients: some,
    people: practice.people,
  };
}
