import { readFile, realpath, stat } from "node:fs/promises";
import { extname, join, sep } from "node:path";

/** A file of the renderer, ready to be sent by the browser host or by the desktop app's own protocol. */
export interface StaticFile {
  readonly body: Buffer;
  readonly type: string;
  /** A page must be asked for each time; what has a hash in its name never changes. */
  readonly lasting: boolean;
  /** Pages only: what scripts of the page may mark their style elements with, see `contentSecurityPolicy`. */
  readonly nonce: string | null;
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".webmanifest": "application/manifest+json; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".webp": "image/webp",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
};

/** In a page, where the nonce goes. */
const NONCE_PLACE = "{{csp-nonce}}";

/**
 * The path of a request as the parts of a path below the root, or null for one that is not plainly such a path:
 * upwards, hidden, absolute, with a drive, or coded so that the file system might read it in another way.
 */
function partsOf(path: string): string[] | null {
  if (!path.startsWith("/")) return null;
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return null;
  }
  if (/[\p{Cc}\\:%]/u.test(decoded)) return null;
  const parts = decoded.split("/").slice(1);
  if (parts.at(-1) === "") parts.pop();
  return parts.some((part) => part === "" || part.startsWith(".")) ? null : parts;
}

/**
 * The file a request's path means, below `root` and nowhere else; the page itself for any path that names no file
 * and has no extension, since those are the page's own routes. Null: there is none.
 */
export async function findFile(root: string, path: string, nonce: () => string): Promise<StaticFile | null> {
  const parts = partsOf(path);
  if (!parts) return null;
  const found = await read(root, parts);
  if (found) return asFile(found.body, extname(found.path), parts[0] === "assets", nonce);
  if (extname(parts.at(-1) ?? "") !== "") return null;
  const page = await read(root, ["index.html"]);
  return page && asFile(page.body, ".html", false, nonce);
}

function asFile(body: Buffer, extension: string, lasting: boolean, nonce: () => string): StaticFile {
  const type = types[extension.toLowerCase()] ?? "application/octet-stream";
  if (extension !== ".html") return { body, type, lasting, nonce: null };
  const page = body.toString("utf8");
  if (!page.includes(NONCE_PLACE)) return { body, type, lasting: false, nonce: null };
  const value = nonce();
  return { body: Buffer.from(page.replaceAll(NONCE_PLACE, value)), type, lasting: false, nonce: value };
}

async function read(root: string, parts: readonly string[]): Promise<{ path: string; body: Buffer } | null> {
  try {
    const [base, path] = await Promise.all([realpath(root), realpath(join(root, ...parts))]);
    // A link inside the folder could still lead out of it.
    if (!path.startsWith(base + sep) || !(await stat(path)).isFile()) return null;
    return { path, body: await readFile(path) };
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return null;
    throw error;
  }
}
