/** Signs requests to S3 and what speaks like it: AWS Signature Version 4, one chunk, in headers. */
import { createHash, createHmac } from "node:crypto";

export interface S3Keys {
  readonly id: string;
  readonly secret: string;
}

export interface SignedRequest {
  readonly method: string;
  readonly url: URL;
  /** Every header that is sent, but `host`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * The headers of a request with its signature. `at`: UTC milliseconds.
 *
 * Source: AWS, "Authenticating Requests: Using the Authorization Header (AWS Signature Version 4)", Amazon S3 API
 * Reference; its examples are the tests.
 */
export function signS3(
  { method, url, headers, body }: SignedRequest,
  { keys, region, at }: { keys: S3Keys; region: string; at: number },
): Record<string, string> {
  const time = new Date(at).toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
  const day = time.slice(0, 8);
  const payload = sha256(body);
  const sent: Record<string, string> = { ...headers, "x-amz-content-sha256": payload, "x-amz-date": time };
  const signed: Record<string, string> = { host: url.host };
  for (const [name, value] of Object.entries(sent)) signed[name.toLowerCase()] = value.trim();
  const names = Object.keys(signed).sort();
  const request = [
    method,
    url.pathname,
    canonicalQuery(url.searchParams),
    ...names.map((name) => `${name}:${signed[name]}`),
    "",
    names.join(";"),
    payload,
  ].join("\n");
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", time, scope, sha256(request)].join("\n");
  const key = [day, region, "s3", "aws4_request"].reduce<Buffer>(hmac, Buffer.from(`AWS4${keys.secret}`));
  const signature = hmac(key, text).toString("hex");
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${keys.id}/${scope},SignedHeaders=${names.join(";")},Signature=${signature}`,
  };
}

function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

/** RFC 3986, where everything that is not unreserved is encoded. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
