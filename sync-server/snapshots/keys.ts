/** Keys of snapshots and baked files, all under the server's secret. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

const length = 32;

/** The key of a snapshot: it can be made again by whoever has the secret, so nothing has to keep it. */
export function snapshotFileKey(secret: string, practice: string, mask: number): Uint8Array {
  return derive(secret, `horopter-snapshot-1\0${practice}|${mask}`);
}

/** Wraps a baked file's key until the device is known whose it will be. */
export function wrapFileKey(secret: string, file: string, key: Uint8Array): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", derive(secret, `horopter-baked-1\0${file}`), iv);
  const sealed = Buffer.concat([cipher.update(key), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString("base64url");
}
export function unwrapFileKey(secret: string, file: string, wrapped: string): Uint8Array {
  const bytes = Buffer.from(wrapped, "base64url");
  const decipher = createDecipheriv("aes-256-gcm", derive(secret, `horopter-baked-1\0${file}`), bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(12, 28));
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]);
}

function derive(secret: string, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", secret, "", purpose, length));
}
