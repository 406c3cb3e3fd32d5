/** Ids: UUIDv7 made where the row is made, UUIDv5 for rows that reactions derive (architecture §3.7). */
import type { Id } from "./fields.ts";

/** Bytes of randomness, injected: the simulator's are seeded. */
export interface Random {
  bytes(count: number): Uint8Array;
}
export type Sha1 = (bytes: Uint8Array) => Uint8Array;

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export function toHex(bytes: Uint8Array): string {
  let hex = "";
  for (const byte of bytes) hex += hexOfByte[byte];
  return hex;
}
export function fromHex(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (digitOf(hex, i * 2) << 4) | digitOf(hex, i * 2 + 1);
  return bytes;
}
/** The value of a lower-case hex digit. */
function digitOf(hex: string, at: number): number {
  const code = hex.charCodeAt(at);
  return code < 58 ? code - 48 : code - 87;
}

/** A UUIDv7: 48-bit UTC milliseconds, then random bits. */
export function newId(nowMs: number, random: Random): Id {
  const bytes = random.bytes(10);
  bytes[0] = 0x70 | ((bytes[0] ?? 0) & 0x0f);
  bytes[2] = 0x80 | ((bytes[2] ?? 0) & 0x3f);
  return Math.max(0, Math.floor(nowMs)).toString(16).padStart(12, "0") + toHex(bytes);
}

/** What a derived id is derived from: the thing itself, never the event (architecture §3.7). */
export interface Derivation {
  readonly subject: Id;
  readonly reaction: string;
  readonly index: number;
}

/** UUIDv5(practice, `<subject>|<reaction>|<index>`). The same derivation gives the same row at every node. */
export function derivedId(sha1: Sha1, practice: Id, { subject, reaction, index }: Derivation): Id {
  // Hex digits and names of reactions only: every character is one UTF-8 byte.
  const name = `${subject}|${reaction}|${index}`;
  const input = new Uint8Array(16 + name.length);
  input.set(fromHex(practice), 0);
  for (let i = 0; i < name.length; i++) input[16 + i] = name.charCodeAt(i);
  const hash = sha1(input).slice(0, 16);
  hash[6] = 0x50 | ((hash[6] ?? 0) & 0x0f);
  hash[8] = 0x80 | ((hash[8] ?? 0) & 0x3f);
  return toHex(hash);
}

/** Whether an id was derived: two devices may make such a row independently, and the first settled stands. */
export function isDerived(id: Id): boolean {
  return id[12] === "5";
}
