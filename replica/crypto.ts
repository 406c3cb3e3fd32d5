/** The cryptography of change groups on Node: SHA-256, Ed25519, randomness. Keys are raw bytes in base64url. */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
  randomFillSync,
  sign as signBytes,
  verify as verifyBytes,
} from "node:crypto";
import type { GroupCrypto, Signer } from "../src-shared/sync/group.ts";
import type { Random } from "../src-shared/sync/ids.ts";

export const sha1 = (bytes: Uint8Array): Uint8Array => hash("sha1", bytes, "buffer");
export const sha256Hex = (text: string): string => hash("sha256", text, "hex");

/** A body's salt: 16 bytes, 22 characters of base64url (`wireBodySchema` lets nothing else in). */
const saltBytes = 16;

const publicKeys = new Map<string, KeyObject>();
function publicKeyOf(raw: string): KeyObject | null {
  const known = publicKeys.get(raw);
  if (known) return known;
  try {
    const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: raw }, format: "jwk" });
    // A practice has dozens of devices; the cap only guards against a caller that makes keys up.
    if (publicKeys.size > 10_000) publicKeys.clear();
    publicKeys.set(raw, key);
    return key;
  } catch {
    return null;
  }
}

export const groupCrypto: GroupCrypto = {
  hash: (text) => hash("sha256", text, "base64url"),
  saltedHash(salt, text) {
    const bytes = Buffer.allocUnsafe(saltBytes + Buffer.byteLength(text));
    bytes.write(salt, 0, saltBytes, "base64url");
    bytes.write(text, saltBytes, "utf8");
    return hash("sha256", bytes, "base64url");
  },
  verify(publicKey, message, signature) {
    const key = publicKeyOf(publicKey);
    return key !== null && verifyBytes(null, Buffer.from(message), key, Buffer.from(signature, "base64url"));
  },
};

/** A device's key pair. The private key is PKCS#8, base64url, and never leaves the device. */
export interface DeviceKeys {
  readonly publicKey: string;
  readonly privateKey: string;
}

export function makeSigningKeys(): DeviceKeys {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return {
    publicKey: publicKey.export({ format: "jwk" }).x as string,
    privateKey: privateKey.export({ format: "der", type: "pkcs8" }).toString("base64url"),
  };
}
/** For sealing secrets to a device (bootstrap files): X25519, same form. */
export function makeSealingKeys(): DeviceKeys {
  const { publicKey, privateKey } = generateKeyPairSync("x25519");
  return {
    publicKey: publicKey.export({ format: "jwk" }).x as string,
    privateKey: privateKey.export({ format: "der", type: "pkcs8" }).toString("base64url"),
  };
}

export function signer(privateKey: string): Signer {
  const key = createPrivateKey({ key: Buffer.from(privateKey, "base64url"), format: "der", type: "pkcs8" });
  return { sign: (message) => signBytes(null, Buffer.from(message), key).toString("base64url") };
}

/** The operating system's randomness, drawn in blocks: a checkout needs some forty small draws. */
export function systemRandom(): Random {
  const pool = Buffer.alloc(4096);
  let used = pool.length;
  return {
    bytes(count) {
      if (count > pool.length) return randomFillSync(Buffer.alloc(count));
      if (used + count > pool.length) {
        randomFillSync(pool);
        used = 0;
      }
      const bytes = Uint8Array.prototype.slice.call(pool, used, used + count);
      used += count;
      return bytes;
    },
  };
}
