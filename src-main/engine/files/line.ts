/** Moves encrypted bytes of files between this device and the centre, over plain HTTP. */
import { type IncomingMessage, request as requestPlain } from "node:http";
import { request as requestSecure } from "node:https";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { blobPath } from "../../../src-shared/files/wire.ts";
import { type BlobLine, DownloadRefused } from "../sync/upstream.ts";

/** A line that says nothing for so long is given up; it goes on from there later. */
const silence = 30_000;
/** What an answer to a part can be at most; anything longer is not the centre's. */
const longestAnswer = 1000;

/** `serverUrl`: `http(s)://host:port` of the sync server; a path is kept in front. */
export function httpBlobs(serverUrl: string): BlobLine {
  const base = serverUrl.replace(/\/$/, "");

  function ask(method: string, path: string, headers: Record<string, string | number>, signal: AbortSignal) {
    const url = `${base}${path}`;
    const request = url.startsWith("https:") ? requestSecure : requestPlain;
    const asking = request(url, { method, headers, signal, agent: false });
    asking.setTimeout(silence, () => asking.destroy(new Error("the centre does not answer")));
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      asking.on("response", resolve);
      asking.on("error", reject);
    });
    return { asking, answered };
  }

  return {
    async put({ blob, ticket, at, length }, bytes, signal) {
      const headers = { ...bearer(ticket), "content-type": "application/octet-stream", "content-length": length };
      const { asking, answered } = ask("PUT", `${blobPath(blob)}?at=${at}`, headers, signal);
      const sent = pipeline(Readable.from(bytes, { objectMode: false }), asking);
      // The centre may answer before it has all of it; then what fails on the way is of no interest.
      sent.catch(() => {});
      const response = await answered;
      const { statusCode = 0 } = response;
      if (statusCode !== 200 && statusCode !== 409) {
        response.resume();
        throw new DownloadRefused(statusCode);
      }
      let text = "";
      for await (const chunk of response.setEncoding("utf8")) {
        text += chunk;
        if (text.length > longestAnswer) throw new DownloadRefused(statusCode);
      }
      const { received } = JSON.parse(text) as { received: number };
      return { received };
    },
    async *get(blob, ticket, from, signal) {
      const headers = { ...bearer(ticket), range: `bytes=${from}-` };
      const { asking, answered } = ask("GET", blobPath(blob), headers, signal);
      asking.end();
      const response = await answered;
      const { statusCode = 0 } = response;
      if (statusCode !== 206 && !(statusCode === 200 && from === 0)) {
        response.resume();
        throw new DownloadRefused(statusCode);
      }
      yield* response as AsyncIterable<Uint8Array>;
    },
  };
}

function bearer(ticket: string): { authorization: string } {
  return { authorization: `Bearer ${ticket}` };
}
