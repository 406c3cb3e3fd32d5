/**
 * Sends baked files over plain HTTP, whole or from a position on. Who knows the address may read the bytes; they are of
 * no use without the key, which only the device can unseal.
 */
import { createReadStream } from "node:fs";
import type { FastifyInstance, FastifyReply } from "fastify";
import { bootstrapPath, type DownloadRefusal, idSchema } from "../../src-shared/sync/wire.ts";
import type { Centre } from "../centre.ts";

const chunk = 512 * 1024;

export function serveBakedFiles(app: FastifyInstance, centre: Centre): void {
  app.get<{ Params: { id: string } }>(bootstrapPath(":id"), async (request, reply) => {
    const id = idSchema.safeParse(request.params.id);
    const file = id.success ? await centre.files?.find(id.data) : undefined;
    reply.header("cache-control", "no-store").header("accept-ranges", "bytes");
    if (file === "gone") return refused(reply, 410, "FILE_GONE");
    // Perhaps another server has it: the device asks again on its own connection.
    if (!file || file === "unknown") return refused(reply, 404, "NO_SUCH_FILE");
    const range = parseRange(request.headers.range, file.size);
    if (range === "bad") return refused(reply.header("content-range", `bytes */${file.size}`), 416, "BAD_RANGE");
    const { start, end } = range ?? { start: 0, end: file.size - 1 };
    reply.type("application/octet-stream").header("content-length", end - start + 1);
    if (range) reply.code(206).header("content-range", `bytes ${start}-${end}/${file.size}`);
    return reply.send(createReadStream(file.path, { start, end, highWaterMark: chunk }));
  });
}

function refused(reply: FastifyReply, status: 404 | 410 | 416, code: DownloadRefusal): FastifyReply {
  return reply.code(status).send({ code });
}

/** One range of bytes; null for the whole file. Several ranges at once are not asked for by our devices. */
export function parseRange(header: string | undefined, size: number): { start: number; end: number } | "bad" | null {
  if (header === undefined) return null;
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? [];
  if (from === "" && to === "") return "bad";
  const start = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1);
  return start < size && start <= end ? { start, end } : "bad";
}
