/**
 * The form of a backup file: a line in the clear that says what it is, then frames of lines, compressed, then encrypted
 * with AES-256-GCM under a key from the server's secret and the file's own salt. A frame's number is its nonce, and the
 * last one is marked as such, so that a frame that is missing, moved or changed is noticed.
 *
 * Lines: `#table` begins a table, then a row of JSON each, as PostgreSQL writes it; `!` and the manifest end the file.
 */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import { promisify } from "node:util";
import { deflateRaw, inflateRaw } from "node:zlib";

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);
const magic = "horopter-backup-1 ";
/** Characters of lines in one frame; with one more line of a few hundred kB it stays far below this times eight. */
const frameSize = 1024 * 1024;
const largestFrame = 64 * 1024 * 1024;
const tagSize = 16;

/** What stands in the clear. */
export interface BackupHead {
  readonly schema: number;
  readonly madeAt: number;
  /** What the server runs on; a backup of one restores into the other. */
  readonly kind: "postgres" | "pglite";
  readonly salt: string;
  /** Tells another secret from a damaged file. */
  readonly check: string;
}

export interface Manifest {
  readonly schema: number;
  /** Rows by table. */
  readonly counts: Readonly<Record<string, number>>;
  /** SHA-256 of all lines before, base64url. */
  readonly digest: string;
}

/** A file that cannot be used, and why. Nothing was changed because of it. */
export class BackupUnusable extends Error {}

function keyOf(secret: string, salt: string): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, Buffer.from(salt, "base64url"), "horopter-centre-backup-1", 32));
}
const checkOf = (key: Buffer) => createHash("sha256").update("horopter-backup-check\0").update(key).digest("base64url");

function nonce(frame: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeBigUInt64BE(BigInt(frame), 4);
  return bytes;
}
const mark = (last: boolean) => Buffer.from([last ? 1 : 0]);

export interface BackupWriter {
  table(name: string): Promise<void>;
  row(json: string): Promise<void>;
  /** Writes the manifest and what is still in hand, and puts the file on the disk. */
  end(): Promise<Manifest>;
}

/** Writes a backup into an open, empty file. */
export async function writeBackup(
  file: FileHandle,
  secret: string,
  about: Pick<BackupHead, "schema" | "madeAt" | "kind">,
): Promise<BackupWriter> {
  const salt = randomBytes(16).toString("base64url");
  const key = keyOf(secret, salt);
  const digest = createHash("sha256");
  const counts: Record<string, number> = {};
  let lines: string[] = [];
  let size = 0;
  let frames = 0;
  let table = "";
  await file.write(`${magic}${JSON.stringify({ ...about, salt, check: checkOf(key) })}\n`);

  async function flush(last: boolean): Promise<void> {
    const packed = await deflate(lines.join(""), { level: 1 });
    lines = [];
    size = 0;
    const cipher = createCipheriv("aes-256-gcm", key, nonce(frames++));
    cipher.setAAD(mark(last));
    const sealed = Buffer.concat([cipher.update(packed), cipher.final(), cipher.getAuthTag()]);
    const length = Buffer.alloc(5);
    length.writeUInt32BE(sealed.length);
    mark(last).copy(length, 4);
    await file.write(Buffer.concat([length, sealed]));
  }
  async function add(line: string): Promise<void> {
    digest.update(line);
    lines.push(line);
    size += line.length;
    if (size > frameSize) await flush(false);
  }

  return {
    async table(name) {
      table = name;
      counts[name] = 0;
      await add(`#${name}\n`);
    },
    async row(json) {
      counts[table] = (counts[table] ?? 0) + 1;
      await add(`${json}\n`);
    },
    async end() {
      const manifest: Manifest = { schema: about.schema, counts, digest: digest.digest("base64url") };
      lines.push(`!${JSON.stringify(manifest)}\n`);
      await flush(true);
      await file.sync();
      return manifest;
    },
  };
}

const damaged = (path: string) =>
  new BackupUnusable(`The backup ${path} is damaged or was cut short. Nothing was changed. Use another backup.`);

/** What a file says of itself in the clear, and where its frames begin. */
export async function readHead(path: string): Promise<{ head: BackupHead; begin: number }> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
    const end = buffer.subarray(0, bytesRead).indexOf("\n");
    const text = buffer.subarray(0, Math.max(0, end)).toString("utf8");
    if (!text.startsWith(magic))
      throw new BackupUnusable(`${path} is not a backup of a Horopter server. Nothing was changed.`);
    return { head: JSON.parse(text.slice(magic.length)) as BackupHead, begin: end + 1 };
  } catch (error) {
    if (error instanceof SyntaxError) throw damaged(path);
    throw error;
  } finally {
    await file.close();
  }
}

/**
 * The rows of a backup, table by table, many at a time; ends with the manifest, once everything was read and agrees
 * with it. Throws `BackupUnusable` otherwise, whenever that is noticed: who writes rows somewhere commits at the end.
 */
export async function* readBackup(
  path: string,
  secret: string,
): AsyncGenerator<{ table: string; rows: string[] }, Manifest> {
  const { head, begin } = await readHead(path);
  const key = keyOf(secret, head.salt);
  if (checkOf(key) !== head.check) {
    throw new BackupUnusable(
      `The backup ${path} was made under another secret. Nothing was changed. Set HOROPTER_SECRET, or put the file ` +
        "server-secret that was kept with the backups into the data folder.",
    );
  }
  const digest = createHash("sha256");
  const counts: Record<string, number> = {};
  let table = "";
  const file = await open(path, "r");
  try {
    for await (const text of frames(file, begin, key, path)) {
      let rows: string[] = [];
      for (const line of text.split("\n").slice(0, -1)) {
        if (line.startsWith("!")) {
          const manifest = JSON.parse(line.slice(1)) as Manifest;
          if (rows.length > 0) yield { table, rows };
          const agrees =
            manifest.schema === head.schema &&
            manifest.digest === digest.digest("base64url") &&
            JSON.stringify(manifest.counts) === JSON.stringify(counts);
          if (!agrees) throw damaged(path);
          return manifest;
        }
        digest.update(`${line}\n`);
        if (line.startsWith("#")) {
          if (rows.length > 0) yield { table, rows };
          rows = [];
          table = line.slice(1);
          counts[table] = 0;
        } else {
          counts[table] = (counts[table] ?? 0) + 1;
          rows.push(line);
        }
      }
      if (rows.length > 0) yield { table, rows };
    }
  } finally {
    await file.close();
  }
  throw damaged(path);
}

async function* frames(file: FileHandle, begin: number, key: Buffer, path: string): AsyncGenerator<string> {
  let at = begin;
  const read = async (size: number): Promise<Buffer> => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, at);
    if (bytesRead !== size) throw damaged(path);
    at += size;
    return buffer;
  };
  for (let frame = 0; ; frame++) {
    const length = await read(5);
    const size = length.readUInt32BE();
    if (size < tagSize || size > largestFrame) throw damaged(path);
    const sealed = await read(size);
    const decipher = createDecipheriv("aes-256-gcm", key, nonce(frame));
    decipher.setAAD(length.subarray(4));
    decipher.setAuthTag(sealed.subarray(size - tagSize));
    let packed: Buffer;
    try {
      packed = Buffer.concat([decipher.update(sealed.subarray(0, size - tagSize)), decipher.final()]);
    } catch {
      throw damaged(path);
    }
    yield (await inflate(packed)).toString("utf8");
    if (length[4] === 1) return;
  }
}
