import { randomBytes } from "node:crypto";
import type { CustomScheme } from "electron";
import { contentSecurityPolicy, securityHeaders } from "../host/security-headers.ts";
import { findFile } from "../host/static-files.ts";
import { isOfOrigin } from "./senders.ts";

export const APP_SCHEME = "app";
export const APP_ORIGIN = `${APP_SCHEME}://horopter`;

/**
 * Our own scheme instead of `file:`, whose pages could read other files. Standard, so that the page has an origin;
 * secure, so that it counts as such; nothing that would let it past its own policy.
 */
export const appScheme: CustomScheme = {
  scheme: APP_SCHEME,
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
};

/** The page needs no network: everything comes over its port. `app-file:` is for attachments. */
const policy = { connect: [], images: ["app-file:"] };

/** Answers the page's requests from the built files and from nothing else. */
export function createAppResponder(renderer: string): (request: Request) => Promise<Response> {
  return async (request) => {
    const headers = { ...securityHeaders(policy), "cache-control": "no-store" };
    if (!isOfOrigin(request.url, APP_ORIGIN)) return new Response("There is nothing here.", { status: 404, headers });
    if (request.method !== "GET" && request.method !== "HEAD") return new Response(null, { status: 405, headers });
    const path = request.url.slice(APP_ORIGIN.length).split(/[?#]/, 1)[0] || "/";
    const file = await findFile(renderer, path, () => randomBytes(16).toString("base64"));
    if (!file) return new Response("There is nothing here.", { status: 404, headers });
    return new Response(new Uint8Array(file.body), {
      headers: {
        ...headers,
        "content-type": file.type,
        "content-security-policy": contentSecurityPolicy({ ...policy, nonce: file.nonce }),
      },
    });
  };
}
