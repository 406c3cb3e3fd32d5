/** A device that listens while a practice's centre is fuzzed, and must end with what the centre holds. */
import { systemRandom } from "../replica/crypto.ts";
import { directUpstream } from "../sim/direct.ts";
import { sameAsCentre } from "../sim/invariants.ts";
import { enrolTestDevice, memoryReplicaFor } from "../sim/practice.ts";
import { createEngine } from "../src-main/engine/engine.ts";
import { clock, random, timers } from "../src-main/host/surroundings.ts";
import type { DeviceProfile } from "../src-shared/sync/entity.ts";
import type { Log } from "../src-shared/sync/ports.ts";
import type { ServerWorld } from "./server-world.ts";

export async function openReader({ centre, practice, takeIn }: ServerWorld, profile: DeviceProfile, log: Log) {
  const place = { branch: practice.branches.leeds, profile, name: `reader ${profile}` };
  const identity = await enrolTestDevice(centre, practice.practice, place, systemRandom());
  const sqlite = memoryReplicaFor(identity);
  const upstream = directUpstream(() => centre);
  const engine = createEngine({ sqlite, upstream, clock, timers, random, log, app: "fuzz" });
  engine.start();

  return {
    /** Waits until it has read to the end of the log, and holds what the centre holds. @throws if it does not. */
    async meet(): Promise<void> {
      const deadline = performance.now() + 20_000;
      for (;;) {
        if (engine.sync.status().phase === "revoked") {
          // A fuzzed group took it out of the practice: that is no reason to end otherwise.
          await takeIn(identity.device);
          engine.sync.tryNow();
        }
        const [head] = await centre.db.query<{ seq: number }>("select seq from practice_head where practice_id=$1", [
          practice.practice,
        ]);
        if (engine.sync.status().phase === "live" && engine.state.cursor()?.seq === head?.seq) break;
        if (performance.now() > deadline)
          throw new Error(
            `the reader is ${JSON.stringify(engine.sync.status())} at ${engine.state.cursor()?.seq} of ${head?.seq}`,
          );
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      // A fuzzed group may have made it a device of another kind: it has followed then.
      const [row] = await centre.db.query<{ profile: DeviceProfile }>("select profile from device where id=$1", [
        identity.device,
      ]);
      await sameAsCentre(centre, practice.practice, { name: place.name, engine, profile: row?.profile ?? profile });
    },
    close(): void {
      engine.close();
      sqlite.close();
    },
  };
}
