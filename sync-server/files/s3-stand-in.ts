/**
 * As much of S3 as the store uses, over real HTTP, for tests: signatures, digests of bodies, entity tags, multipart
 * uploads with their smallest part, ranges, and its errors in XML. What it does not know it refuses.
 */
import { createHash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { type S3Keys, signS3 } from "./sigv4.ts";

const smallestPart = 5 * 1024 * 1024;

export interface S3StandIn {
  readonly endpoint: string;
  readonly objects: Map<string, Buffer>;
  readonly uploads: Map<string, { readonly key: string; readonly parts: Map<number, Buffer> }>;
  /** Answers of this kind fail once: `503` before anything happens, `late` after a `200` was sent. */
  fail: "503" | "late" | null;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: string | Buffer;
  readonly headers: Record<string, string>;
}

export async function startS3StandIn(bucket: string, region: string, keys: S3Keys): Promise<S3StandIn> {
  const objects = new Map<string, Buffer>();
  const uploads = new Map<string, { key: string; parts: Map<number, Buffer> }>();
  const server = createServer(async (request, response) => {
    const { status, body, headers } = answer(request, await bodyOf(request));
    response.writeHead(status, { "content-length": Buffer.byteLength(body), ...headers });
    response.end(request.method === "HEAD" ? undefined : body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const standIn: S3StandIn = {
    endpoint: `http://127.0.0.1:${port}`,
    objects,
    uploads,
    fail: null,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  function answer(request: IncomingMessage, body: Buffer): Answer {
    const url = new URL(request.url ?? "/", standIn.endpoint);
    const send = (status: number, text: string | Buffer = "", headers: Record<string, string> = {}) => ({
      status,
      body: text,
      headers,
    });
    const error = (status: number, code: string) =>
      send(status, `<?xml version="1.0"?><Error><Code>${code}</Code></Error>`);
    if (!isSigned(request, url, body)) return error(403, "SignatureDoesNotMatch");
    if (standIn.fail === "503") {
      standIn.fail = null;
      return error(503, "SlowDown");
    }
    const prefix = `/${bucket}/`;
    if (!url.pathname.startsWith(prefix)) return error(404, "NoSuchBucket");
    const key = url.pathname.slice(prefix.length);
    const query = url.searchParams;
    const id = query.get("uploadId");
    if (id !== null && uploads.get(id)?.key !== key) return error(404, "NoSuchUpload");
    const parts = id === null ? null : (uploads.get(id)?.parts ?? null);
    switch (`${request.method}${query.has("uploads") ? " uploads" : ""}${parts ? " upload" : ""}`) {
      case "POST uploads": {
        const made = randomBytes(12).toString("base64url");
        uploads.set(made, { key, parts: new Map() });
        return send(200, `<InitiateMultipartUploadResult><UploadId>${made}</UploadId></InitiateMultipartUploadResult>`);
      }
      case "PUT upload":
        parts?.set(Number(query.get("partNumber")), body);
        return send(200, "", { etag: tagOf(body) });
      case "GET upload": {
        // Newest first, so that nobody relies on an order that S3 happens to keep.
        const listed = [...(parts ?? [])].reverse();
        const rows = listed.map(
          ([number, bytes]) =>
            `<Part><PartNumber>${number}</PartNumber><ETag>${tagOf(bytes).replaceAll('"', "&quot;")}</ETag><Size>${bytes.length}</Size></Part>`,
        );
        return send(200, `<ListPartsResult><IsTruncated>false</IsTruncated>${rows.join("")}</ListPartsResult>`);
      }
      case "POST upload": {
        if (standIn.fail === "late") {
          standIn.fail = null;
          return send(200, `<?xml version="1.0"?><Error><Code>InternalError</Code></Error>`);
        }
        const named = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>([^<]*)<\/ETag>/g)];
        const chosen = named.map(([, number, tag = ""]) => ({ bytes: parts?.get(Number(number)), tag }));
        if (chosen.length === 0) return error(400, "MalformedXML");
        if (chosen.some(({ bytes, tag }) => !bytes || tagOf(bytes) !== tag.replaceAll("&quot;", '"'))) {
          return error(400, "InvalidPart");
        }
        const bytes = chosen.map((each) => each.bytes as Buffer);
        if (bytes.slice(0, -1).some((each) => each.length < smallestPart)) return error(400, "EntityTooSmall");
        objects.set(key, Buffer.concat(bytes));
        uploads.delete(id as string);
        return send(200, `<CompleteMultipartUploadResult><Key>${key}</Key></CompleteMultipartUploadResult>`);
      }
      case "DELETE upload":
        uploads.delete(id as string);
        return send(204);
      case "DELETE":
        objects.delete(key);
        return send(204);
      case "HEAD":
      case "GET": {
        const object = objects.get(key);
        if (!object) return error(404, "NoSuchKey");
        const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
        if (from === undefined) return send(200, object, { etag: tagOf(object) });
        if (Number(from) >= object.length) return error(416, "InvalidRange");
        return send(206, object.subarray(Number(from), Number(to) + 1));
      }
      default:
        return error(501, "NotImplemented");
    }
  }

  function isSigned(request: IncomingMessage, url: URL, body: Buffer): boolean {
    const { authorization = "", "x-amz-date": time = "", "x-amz-content-sha256": digest } = request.headers;
    if (createHash("sha256").update(body).digest("hex") !== digest) return false;
    const [, signed = ""] = /SignedHeaders=([^,]+)/.exec(authorization) ?? [];
    const own = new Set(["host", "x-amz-date", "x-amz-content-sha256"]);
    const names = signed.split(";").filter((name) => !own.has(name));
    const headers = Object.fromEntries(names.map((name) => [name, String(request.headers[name])]));
    const at = Date.parse(String(time).replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
    const expected = signS3({ method: request.method ?? "", url, headers, body }, { keys, region, at });
    return expected.authorization === authorization;
  }
  return standIn;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function tagOf(bytes: Buffer): string {
  return `"${createHash("md5").update(bytes).digest("hex")}"`;
}
