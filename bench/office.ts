/** A device of head office without an engine, at which codes are made. */
import pg from "pg";
import { signedHello } from "../sim/greeted.ts";
import type { Identity } from "../src-main/engine/state.ts";
import type { DeviceProfile } from "../src-shared/sync/entity.ts";
import type { BenchServer } from "./server.ts";
import { until } from "./support.ts";

export async function openOffice(server: BenchServer) {
  const identity = server.devices[0] as Identity;
  const database = new pg.Client({ connectionString: server.databaseUrl });
  await database.connect();
  const connection = await server.upstream().open(() => {});
  const { nonce } = await connection.challenge();
  await connection.hello(signedHello(identity, nonce));
  return {
    /** A code for one more device; the centre begins to make its file. */
    async makeCode(profile: DeviceProfile): Promise<string> {
      const { people, branches } = server.practice;
      const { code } = await connection.createEnrolmentCode({
        by: people.OW,
        branch: branches.leeds,
        deviceName: "Till",
        profile,
      });
      return code;
    },
    /** Resolves when no file is being made. */
    async filesAreMade(): Promise<void> {
      const text = "select count(*) as n from baked_file where state='baking'";
      await until(async () => Number((await database.query(text)).rows[0]?.n) === 0, 120_000, "the file to be made");
    },
    async close(): Promise<void> {
      connection.close();
      await database.end();
    },
  };
}
