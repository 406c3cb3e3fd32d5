/** Which blob store the environment names. */
import { join } from "node:path";
import { BootRefused } from "../boot.ts";
import { openFolderStore } from "./folder-store.ts";
import { openS3Store } from "./s3-store.ts";
import type { BlobStore } from "./store.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * `HOROPTER_S3_BUCKET` and its companions name a bucket, `HOROPTER_BLOBS` a folder; without either it is `blobs` in the
 * data folder.
 *
 * @throws BootRefused when a bucket is named by half.
 */
export function chosenStore(env: Environment, dataFolder: string): BlobStore {
  const bucket = env.HOROPTER_S3_BUCKET;
  if (!bucket) return openFolderStore(blobFolder(env, dataFolder) as string);
  const missing = ["HOROPTER_S3_ENDPOINT", "HOROPTER_S3_KEY_ID", "HOROPTER_S3_KEY_SECRET"].filter((name) => !env[name]);
  if (missing.length > 0) {
    throw new BootRefused(
      `HOROPTER_S3_BUCKET names a bucket for files, but ${missing.join(" and ")} ${missing.length > 1 ? "are" : "is"} not ` +
        "set. Nothing was changed. Set what is missing, or leave the bucket out to keep files in the data folder.",
    );
  }
  return openS3Store({
    endpoint: env.HOROPTER_S3_ENDPOINT as string,
    bucket,
    region: env.HOROPTER_S3_REGION ?? "us-east-1",
    keys: { id: env.HOROPTER_S3_KEY_ID as string, secret: env.HOROPTER_S3_KEY_SECRET as string },
    now: Date.now,
  });
}

/** The folder of blobs; null while they are in a bucket, which is backed up by its own means. */
export function blobFolder(env: Environment, dataFolder: string): string | null {
  return env.HOROPTER_S3_BUCKET ? null : env.HOROPTER_BLOBS || join(dataFolder, "blobs");
}
