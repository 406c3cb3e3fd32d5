/** Fetches a baked file from the centre over plain HTTP, from a position on. The bytes are encrypted as they are. */
import { get as getPlain } from "node:http";
import { get as getSecure } from "node:https";
import { bootstrapPath } from "../../../src-shared/sync/wire.ts";
import { type Download, DownloadRefused } from "./upstream.ts";

/** A line that says nothing for so long is given up; it goes on from there later. */
const silence = 30_000;

/** `serverUrl`: `http(s)://host:port` of the sync server; a path is kept in front. */
export function httpDownload(serverUrl: string): Download {
  const base = serverUrl.replace(/\/$/, "");
  return async function* download(id, from, signal) {
    const url = `${base}${bootstrapPath(id)}`;
    const get = url.startsWith("https:") ? getSecure : getPlain;
    const response = await new Promise<import("node:http").IncomingMessage>((resolve, reject) => {
      const request = get(url, { headers: { range: `bytes=${from}-` }, signal, agent: false }, resolve);
      request.on("error", reject);
      request.setTimeout(silence, () => request.destroy(new Error("the centre does not answer")));
    });
    const { statusCode = 0 } = response;
    // Whoever stands in front of the centre may not know ranges, and then sends it all.
    if (statusCode !== 206 && !(statusCode === 200 && from === 0)) {
      response.resume();
      throw new DownloadRefused(statusCode);
    }
    yield* response as AsyncIterable<Uint8Array>;
  };
}
