/** Reads a replica to its last page, in the thread that also reads backups, on a connection that only reads. */
import { isDamage } from "../../../replica/open.ts";
import { besideEngine } from "../care/beside.ts";

/** What is wrong in the file; nothing when it is whole. Throws when it could not be read for another reason. */
export async function checkFile(path: string, key: Uint8Array): Promise<readonly string[]> {
  try {
    const { check } = await besideEngine("examine", { path, key });
    return check === "ok" ? [] : [check];
  } catch (error) {
    if (!isDamage(error)) throw error;
    return [(error as Error).message];
  }
}
