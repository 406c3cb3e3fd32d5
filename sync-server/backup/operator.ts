/**
 * How a script of ours asks the running server for a backup, since nobody else may open its PGlite folder: on this
 * machine only, and with proof of the server's secret. The server names a nonce first and the script answers with a
 * keyed hash of it, so that whoever listens on the port instead learns nothing of use.
 */
import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from "node:crypto";
import { request } from "node:http";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Log } from "../../src-shared/sync/ports.ts";
import { BackupUnusable, type Manifest } from "./file.ts";

export interface Operator {
  readonly secret: string;
  readonly log: Log;
  backUp(path: string): Promise<Manifest>;
}

function proofOf(secret: string, nonce: string, path: string): Buffer {
  const key = Buffer.from(hkdfSync("sha256", secret, "", "horopter-centre-operator-1", 32));
  return createHmac("sha256", key).update(`backup\0${nonce}\0${path}`).digest();
}

interface Asked {
  readonly nonce?: unknown;
  readonly path?: unknown;
  readonly proof?: unknown;
}

export function operatorRoutes(app: FastifyInstance, operator: Operator): void {
  const nonces = new Set<string>();
  app.get("/operator/nonce", async (asked, reply) => {
    if (!isHere(asked)) return reply.callNotFound();
    const nonce = randomBytes(16).toString("base64url");
    if (nonces.size > 20) nonces.clear();
    nonces.add(nonce);
    return { nonce };
  });
  app.post("/operator/backup", async (asked, reply) => {
    const { nonce, path, proof } = (asked.body ?? {}) as Asked;
    const said = typeof nonce === "string" && typeof path === "string" && typeof proof === "string";
    if (!isHere(asked) || !said || !nonces.delete(nonce)) return reply.callNotFound();
    const given = Buffer.from(proof, "base64url");
    const expected = proofOf(operator.secret, nonce, path);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return reply.callNotFound();
    try {
      return { manifest: await operator.backUp(path) };
    } catch (error) {
      if (!(error instanceof BackupUnusable)) operator.log.error("backup failed", { error: (error as Error).message });
      return reply.code(500).send({ problem: (error as Error).message });
    }
  });
}

/** From this machine, and not passed on by a proxy on it. */
function isHere({ socket, headers }: FastifyRequest): boolean {
  const from = socket.remoteAddress ?? "";
  return (from === "::1" || from.endsWith("127.0.0.1")) && headers["x-forwarded-for"] === undefined;
}

/** Asks the server at `url` to write a backup to `path`, a full path on this machine. */
export async function askForBackup(url: string, secret: string, path: string): Promise<Manifest> {
  const { nonce } = (await ask(url, "GET", "/operator/nonce")) as { nonce?: string };
  if (!nonce) throw new BackupUnusable(`The server at ${url} does not take orders from here. Nothing was written.`);
  const proof = proofOf(secret, nonce, path).toString("base64url");
  const { manifest, problem } = (await ask(url, "POST", "/operator/backup", { nonce, path, proof })) as {
    manifest?: Manifest;
    problem?: string;
  };
  if (!manifest) throw new BackupUnusable(problem ?? "The running server has another secret. Nothing was written.");
  return manifest;
}

/** Without a limit of time: a large practice takes minutes. */
function ask(url: string, method: "GET" | "POST", path: string, body?: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const asking = request(
      new URL(path, url),
      { method, headers: { "content-type": "application/json" } },
      (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (chunk: string) => {
          text += chunk;
        });
        answer.on("error", reject);
        answer.on("end", () => resolve(JSON.parse(text || "{}")));
      },
    );
    asking.on("error", reject);
    asking.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
