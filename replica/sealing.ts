/** Seals a short secret to a device's X25519 key: an ephemeral key, HKDF-SHA-256, AES-256-GCM. */
import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from "node:crypto";

const context = "horopter-seal-1\0";
const keyBytes = 32;
const tagBytes = 16;
/** Each secret has an ephemeral key, and by it a key of its own: nothing else is ever encrypted under that. */
const onlyIv = Buffer.alloc(12);

/** A sealed secret that cannot be opened: made for another key or another purpose, or altered. */
export class CannotUnseal extends Error {}

/**
 * Only whoever has the private key of `publicKey` (32 raw bytes, base64url) can open it, and only for the same
 * `purpose`. The result names the key it is for, see `sealedFor`.
 */
export function seal(publicKey: string, purpose: string, secret: Uint8Array): string {
  const recipient = Buffer.from(publicKey, "base64url");
  const { publicKey: ephemeral, privateKey } = generateKeyPairSync("x25519");
  const sender = Buffer.from(ephemeral.export({ format: "jwk" }).x as string, "base64url");
  const key = derive(privateKey, publicOf(recipient), sender, recipient, purpose);
  const cipher = createCipheriv("aes-256-gcm", key, onlyIv);
  const sealed = Buffer.concat([cipher.update(secret), cipher.final()]);
  return Buffer.concat([recipient, sender, cipher.getAuthTag(), sealed]).toString("base64url");
}

/** Whether the secret was sealed to this public key; devices change theirs when they begin a new epoch. */
export function sealedFor(sealed: string, publicKey: string): boolean {
  const [named] = split(sealed);
  return named?.equals(Buffer.from(publicKey, "base64url")) === true;
}

/**
 * Opens what was sealed to the key whose private half (PKCS#8, base64url) this is.
 *
 * @throws CannotUnseal for any other key or purpose, and for altered bytes.
 */
export function unseal(privateKey: string, purpose: string, sealed: string): Uint8Array {
  const [recipient, sender, tag, secret] = split(sealed);
  try {
    const key = createPrivateKey({ key: Buffer.from(privateKey, "base64url"), format: "der", type: "pkcs8" });
    if (!recipient || !sender || !tag || !secret) throw new Error("too short");
    const decipher = createDecipheriv("aes-256-gcm", derive(key, publicOf(sender), sender, recipient, purpose), onlyIv);
    decipher.setAuthTag(tag);
    return new Uint8Array(Buffer.concat([decipher.update(secret), decipher.final()]));
  } catch (error) {
    throw new CannotUnseal("This secret was sealed for another key, or was altered on the way", { cause: error });
  }
}

function derive(own: KeyObject, other: KeyObject, sender: Buffer, recipient: Buffer, purpose: string): Buffer {
  const shared = diffieHellman({ privateKey: own, publicKey: other });
  const salt = Buffer.concat([sender, recipient]);
  return Buffer.from(hkdfSync("sha256", shared, salt, `${context}${purpose}`, keyBytes));
}

function publicOf(raw: Buffer): KeyObject {
  return createPublicKey({ key: { kty: "OKP", crv: "X25519", x: raw.toString("base64url") }, format: "jwk" });
}

/** Recipient, sender, tag and what was sealed. */
function split(sealed: string): Buffer[] {
  const bytes = Buffer.from(sealed, "base64url");
  const ends = [keyBytes, 2 * keyBytes, 2 * keyBytes + tagBytes, bytes.length];
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}
