/** Files over HTTP: parts in, ranges out, for whoever has a ticket. */
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { blobPath } from "../../src-shared/files/wire.ts";
import type { DeviceProfile } from "../../src-shared/sync/entity.ts";
import type { Centre } from "../centre.ts";
import { parseRange } from "../snapshots/download.ts";
import { maskOf } from "../sync/connection.ts";
import { isHeld, isNamed, part, rowOf, storeOf } from "./blobs.ts";
import { readTicket, type Ticket } from "./tickets.ts";

/** A device that says nothing for so long is cut off, and goes on later. */
const silence = 30_000;
/** Whoever has no ticket is turned away before anything is asked of the database; this only bounds the noise. */
const rateLimit = { max: 3000, timeWindow: "1 minute" };

interface Route {
  Params: { blob: string };
  Querystring: { at?: string };
}
type Asked = FastifyRequest<Route>;

export function serveBlobs(app: FastifyInstance, centre: Centre): void {
  const path = blobPath(":blob");
  /** A store that fails is told to the log, and to the device only that it did. */
  async function answered(work: Promise<FastifyReply>, reply: FastifyReply): Promise<FastifyReply> {
    try {
      return await work;
    } catch (error) {
      centre.log.error("a file was not moved", { error: (error as Error).message });
      return refused(reply, 503, "STORE_FAILED");
    }
  }
  void app.register(async (files) => {
    // The body stays a stream: its bytes are read when it is the part's turn.
    files.addContentTypeParser("application/octet-stream", (_request, payload, done) => done(null, payload));
    files.put<Route>(path, { config: { rateLimit } }, (request, reply) =>
      answered(put(centre, request, reply as FastifyReply), reply as FastifyReply),
    );
    files.get<Route>(path, { config: { rateLimit } }, (request, reply) =>
      answered(get(centre, request, reply as FastifyReply), reply as FastifyReply),
    );
  });
}

async function put(centre: Centre, request: Asked, reply: FastifyReply): Promise<FastifyReply> {
  const ticket = await ticketOf(centre, request, "put");
  const at = Number(request.query.at);
  const length = Number(request.headers["content-length"]);
  if (!ticket) return refused(reply, 401, "NO_TICKET");
  if (!Number.isSafeInteger(at) || at < 0 || at + length > ticket.size) return refused(reply, 416, "BAD_RANGE");
  if (!(length > 0 && length <= storeOf(centre).part)) return refused(reply, 413, "BAD_PART");
  const answer = await centre.transfers.coming.run(async () => {
    const bytes = await bodyOf(request, length);
    return bytes && part(centre, ticket, at, bytes);
  });
  if (!answer) return refused(reply, 400, "CUT_OFF");
  if (answer.kind === "unknown") return refused(reply, 404, "NOT_BEGUN");
  return reply.code(answer.kind === "received" ? 200 : 409).send({ received: answer.received });
}

async function get(centre: Centre, request: Asked, reply: FastifyReply): Promise<FastifyReply> {
  const ticket = await ticketOf(centre, request, "get");
  if (!ticket) return refused(reply, 401, "NO_TICKET");
  const { size } = ticket;
  reply.header("cache-control", "no-store").header("accept-ranges", "bytes");
  const row = await rowOf(centre, ticket);
  if (row?.state !== "whole" || (await storeOf(centre).size(ticket)) !== size) return refused(reply, 404, "NOT_THERE");
  const range = parseRange(request.headers.range, size);
  if (range === "bad") return refused(reply.header("content-range", `bytes */${size}`), 416, "BAD_RANGE");
  const { start, end } = range ?? { start: 0, end: size - 1 };
  // Encrypted bytes, whatever is in them: no browser is to make anything of them.
  reply.type("application/octet-stream").header("content-length", end - start + 1);
  if (range) reply.code(206).header("content-range", `bytes ${start}-${end}/${size}`);
  await centre.transfers.going.run(async () => {
    const stream = Readable.from(await storeOf(centre).read(ticket, { start, end }), { objectMode: false });
    reply.raw.setTimeout(silence, () => reply.raw.destroy());
    const ended = new Promise<void>((resolve) => {
      stream.once("close", resolve);
      reply.raw.once("close", resolve);
    });
    reply.send(stream);
    await ended;
  });
  return reply;
}

/** The ticket that came along, if it is for this and its device may still do it. */
async function ticketOf(centre: Centre, request: Asked, verb: Ticket["verb"]): Promise<Ticket | null> {
  const [, given = ""] = /^Bearer (\S{1,2000})$/.exec(request.headers.authorization ?? "") ?? [];
  const ticket = readTicket(centre.secret, centre.now(), given);
  if (ticket?.verb !== verb || ticket.blob !== request.params.blob) return null;
  const [device] = await centre.db.query<{ status: string; profile: DeviceProfile }>(
    "select status, profile from device where practice_id=$1 and id=$2",
    [ticket.practice, ticket.device],
  );
  if (ticket.leaving) {
    if (device?.status !== "revoked") return null;
    if (await isHeld(centre, ticket, ticket.device)) return ticket;
  } else if (device?.status !== "active") return null;
  return (await isNamed(centre, ticket, maskOf(device.profile))) ? ticket : null;
}

/** The part, whole; null when the line was cut in the middle of it. */
async function bodyOf(request: Asked, length: number): Promise<Buffer | null> {
  const bytes = Buffer.allocUnsafe(length);
  let at = 0;
  request.raw.setTimeout(silence, () => request.raw.destroy());
  try {
    for await (const chunk of request.body as AsyncIterable<Buffer>) {
      if (at + chunk.length > length) return null;
      chunk.copy(bytes, at);
      at += chunk.length;
    }
  } catch {
    return null;
  }
  return at === length ? bytes : null;
}

function refused(reply: FastifyReply, status: number, code: string): FastifyReply {
  return reply.code(status).send({ code });
}
