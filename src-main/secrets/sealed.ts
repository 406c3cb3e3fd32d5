import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { hashRaw } from "@node-rs/argon2";
import { z } from "zod";

/** What the passphrase costs to try; the defaults are those of sign-ins (64 MiB, 3 passes, about 0.2 s). */
export interface PassphraseCost {
  readonly memoryKib: number;
  readonly passes: number;
}
export const defaultCost: PassphraseCost = { memoryKib: 64 * 1024, passes: 3 };

const base64 = (bytes: number) => z.base64().refine((text) => Buffer.from(text, "base64").length === bytes);

export const sealedSchema = z.object({
  version: z.literal(1),
  // Bounded, so that a file somebody altered cannot make the start take all memory or all day.
  kdf: z.object({
    name: z.literal("argon2id"),
    memory_kib: z
      .number()
      .int()
      .min(8)
      .max(1024 * 1024),
    passes: z.number().int().min(1).max(20),
    salt: base64(16),
  }),
  nonce: base64(12),
  tag: base64(16),
  sealed: z.base64(),
});
export type Sealed = z.infer<typeof sealedSchema>;
export type Kdf = Sealed["kdf"];

/** How to derive the key of a new file. */
export function newKdf(cost: PassphraseCost): Kdf {
  const salt = randomBytes(16).toString("base64");
  return { name: "argon2id", memory_kib: cost.memoryKib, passes: cost.passes, salt };
}

/** The 32-byte key that a passphrase gives; the same text typed on another system gives the same key. */
export function deriveKey(passphrase: string, kdf: Kdf): Promise<Uint8Array> {
  return hashRaw(passphrase.normalize("NFKC"), {
    algorithm: 2, // Argon2id; the package's enum exists for its types only.
    memoryCost: kdf.memory_kib,
    timeCost: kdf.passes,
    parallelism: 1,
    outputLen: 32,
    salt: Buffer.from(kdf.salt, "base64"),
  });
}

/** AES-256-GCM; how the key was derived is authenticated with the text. */
export function seal(key: Uint8Array, kdf: Kdf, text: string): Sealed {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(Buffer.from(JSON.stringify(header(kdf))));
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return {
    version: 1,
    kdf,
    nonce: nonce.toString("base64"),
    tag: cipher.getAuthTag().toString("base64"),
    sealed: sealed.toString("base64"),
  };
}

/** The text, or null when the key is another or the file was altered: the two cannot be told apart. */
export function unseal(key: Uint8Array, file: Sealed): string | null {
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(file.nonce, "base64"));
  decipher.setAAD(Buffer.from(JSON.stringify(header(file.kdf))));
  decipher.setAuthTag(Buffer.from(file.tag, "base64"));
  try {
    return Buffer.concat([decipher.update(Buffer.from(file.sealed, "base64")), decipher.final()]).toString("utf8");
  } catch {
    return null;
  }
}

function header(kdf: Kdf) {
  const { name, memory_kib, passes, salt } = kdf;
  return { version: 1, kdf: { name, memory_kib, passes, salt } };
}
