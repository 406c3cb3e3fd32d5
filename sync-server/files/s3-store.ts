/** Blobs in a bucket of S3, or of anything that speaks like it; parts become the parts of a multipart upload. */
import { type S3Keys, signS3 } from "./sigv4.ts";
import { type BlobPlace, type BlobStore, blobName } from "./store.ts";

export interface S3Options {
  /** `https://s3.eu-west-2.amazonaws.com`, or another service's address; the bucket follows as its first path. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly keys: S3Keys;
  /** UTC milliseconds. */
  readonly now: () => number;
}

/** The service refused or failed; `code` is its own word for it. */
export class S3Error extends Error {
  readonly status: number;
  readonly code: string;
  constructor(what: string, status: number, code: string) {
    super(`${what}: the blob store answered ${status} ${code}`);
    this.status = status;
    this.code = code;
  }
}

/** S3 takes no smaller part than 5 MiB, save the last. */
const part = 5 * 1024 * 1024;
const nothing = new Uint8Array();
/** A service that says nothing for so long is given up; the device sends the part again. */
const silence = 60_000;

export function openS3Store(options: S3Options): BlobStore {
  const base = `${options.endpoint.replace(/\/$/, "")}/${options.bucket}/`;

  async function ask(
    method: string,
    place: BlobPlace,
    {
      query = {},
      headers = {},
      body = nothing,
    }: { query?: Record<string, string>; headers?: Record<string, string>; body?: Uint8Array } = {},
  ): Promise<Response> {
    const url = new URL(`${base}${blobName(place)}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const signed = signS3({ method, url, headers, body }, { ...options, at: options.now() });
    const sent = body.length > 0 ? { body: body as Uint8Array<ArrayBuffer> } : {};
    const answer = await fetch(url, { method, headers: signed, ...sent, signal: AbortSignal.timeout(silence) });
    if (answer.ok) return answer;
    const text = await answer.text();
    throw new S3Error(method, answer.status, tag(text, "Code") ?? "");
  }

  async function size(place: BlobPlace): Promise<number | null> {
    try {
      return Number((await ask("HEAD", place)).headers.get("content-length"));
    } catch (error) {
      if (error instanceof S3Error && error.status === 404) return null;
      throw error;
    }
  }

  /** The parts that stand, in their order and without a gap. */
  async function parts(place: BlobPlace, upload: string): Promise<{ etag: string; size: number }[]> {
    const text = await (await ask("GET", place, { query: { uploadId: upload, "max-parts": "1000" } })).text();
    const listed = [...text.matchAll(/<Part>([\s\S]*?)<\/Part>/g)].map(([, xml = ""]) => ({
      number: Number(tag(xml, "PartNumber")),
      etag: tag(xml, "ETag") ?? "",
      size: Number(tag(xml, "Size")),
    }));
    const sorted = listed.sort((a, b) => a.number - b.number);
    const gap = sorted.findIndex(({ number }, index) => number !== index + 1);
    return gap < 0 ? sorted : sorted.slice(0, gap);
  }

  return {
    part,
    words: `bucket ${options.bucket} at ${options.endpoint}`,
    async begin(place) {
      const text = await (await ask("POST", place, { query: { uploads: "" } })).text();
      const upload = tag(text, "UploadId");
      if (!upload) throw new S3Error("POST", 200, "no upload id");
      return upload;
    },
    async standing(place, upload) {
      if (!upload) return 0;
      return (await parts(place, upload)).reduce((sum, { size }) => sum + size, 0);
    },
    async write(place, upload, at, bytes) {
      if (!upload) throw new Error("A part of an upload that was not begun");
      const query = { partNumber: String(at / part + 1), uploadId: upload };
      await (await ask("PUT", place, { query, body: bytes })).arrayBuffer();
    },
    async finish(place, upload, whole) {
      try {
        if (!upload) throw new S3Error("POST", 404, "NoSuchUpload");
        const listed = (await parts(place, upload)).map(
          ({ etag }, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${escaped(etag)}</ETag></Part>`,
        );
        const body = Buffer.from(`<CompleteMultipartUpload>${listed.join("")}</CompleteMultipartUpload>`);
        const text = await (await ask("POST", place, { query: { uploadId: upload }, body })).text();
        // S3 answers 200 before it begins, and says in the body if it failed.
        if (/<Error>/.test(text)) throw new S3Error("POST", 200, tag(text, "Code") ?? "");
      } catch (error) {
        // Done before, by this server or another one.
        const isOver = error instanceof S3Error && error.code === "NoSuchUpload";
        if (!isOver || (await size(place)) !== whole) throw error;
      }
    },
    size,
    async read(place, { start, end }) {
      const answer = await ask("GET", place, { headers: { range: `bytes=${start}-${end}` } });
      return answer.body as unknown as AsyncIterable<Uint8Array>;
    },
    async remove(place, upload) {
      if (upload) {
        await ask("DELETE", place, { query: { uploadId: upload } }).catch((error: unknown) => {
          if (!(error instanceof S3Error) || error.status !== 404) throw error;
        });
      }
      await ask("DELETE", place);
    },
  };
}

function tag(xml: string, name: string): string | null {
  const [, text] = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml) ?? [];
  if (text === undefined) return null;
  return text
    .replaceAll("&quot;", '"')
    .replaceAll("&#34;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
