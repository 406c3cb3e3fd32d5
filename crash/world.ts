/** What a crash run plays in: a practice at a centre, on PostgreSQL or PGlite, and the places of its workstations. */
import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import { join } from "node:path";
import { type Postgres, startPostgres } from "../scripts/postgres.ts";
import { type SmallPractice, smallPractice } from "../sim/practice.ts";
import type { DeviceProfile } from "../src-shared/sync/entity.ts";
import { silentLog } from "../src-shared/sync/ports.ts";
import { type Booted, boot } from "../sync-server/boot.ts";
import { storeCode } from "../sync-server/identity/enrol.ts";
import type { Place } from "./messages.ts";

export type CentreKind = "postgres" | "pglite";

export interface World {
  readonly postgres: Postgres | null;
  readonly practice: SmallPractice;
  readonly port: number;
  readonly dataFolder: string;
  readonly secret: string;
  readonly places: readonly Omit<Place, "seed">[];
  /** The centre opened in this process; only while no server runs. */
  open(): Promise<Booted>;
}

const workstations: readonly { name: string; profile: DeviceProfile; branch: "leeds" | "york" }[] = [
  { name: "till A", profile: "till", branch: "leeds" },
  { name: "till B", profile: "till", branch: "leeds" },
  { name: "bench", profile: "lab", branch: "york" },
];

export async function makeWorld(folder: string, kind: CentreKind): Promise<World> {
  const postgres = kind === "postgres" ? await startPostgres() : null;
  const dataFolder = join(folder, "server");
  const secret = randomBytes(16).toString("hex");
  const open = () => boot({ dataFolder, databaseUrl: postgres?.url ?? null, demo: false, log: silentLog, secret });
  const { centre, close } = await open();
  const practice = await smallPractice(centre);
  const port = await freePort();
  const places: Omit<Place, "seed">[] = [];
  for (const { name, profile, branch } of workstations) {
    const { code } = await storeCode(centre, {
      practice: practice.practice,
      by: null,
      branch: practice.branches[branch],
      deviceName: name,
      profile,
    });
    const key = name.replace(" ", "-");
    places.push({
      name,
      folder: join(folder, key),
      serverUrl: `http://127.0.0.1:${port}`,
      code,
      seller: profile === "till" ? practice.people.DO : null,
      technician: practice.people.LT,
      frame: practice.products.frame,
      lens: practice.products.lens,
      receipts: join(folder, `${key}.receipts`),
    });
  }
  await close();
  return { postgres, practice, port, dataFolder, secret, places, open };
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const probe = createServer();
    probe.on("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => done(typeof address === "object" && address ? address.port : 0));
    });
  });
}
