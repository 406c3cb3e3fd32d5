import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/**
 * Who may speak to the browser host. The loopback interface is open to every program and every web page on the
 * computer, so being local proves nothing:
 *
 * - the address that opens the app carries a token of 256 random bits, which is exchanged for a cookie;
 * - everything else needs that cookie, which other sites' requests do not carry (SameSite=Strict);
 * - the Host header must be ours, or a name that an attacker points at 127.0.0.1 would be the same origin as his page;
 * - a WebSocket, which no same-origin policy holds back, must come from our own page.
 */
export interface Admission {
  readonly token: string;
  /** The `Set-Cookie` that admits a browser until it is closed. */
  readonly cookie: string;
  isToken(candidate: string | null): boolean;
  /** The host a request was sent to, if it is one of our two names; null otherwise. */
  hostOf(headers: IncomingHttpHeaders): string | null;
  hasCookie(headers: IncomingHttpHeaders): boolean;
  isOwnOrigin(headers: IncomingHttpHeaders): boolean;
}

/** Admission to a host that listens on this port. */
export function createAdmission(port: number): Admission {
  const token = randomBytes(32).toString("base64url");
  const session = randomBytes(32).toString("base64url");
  // Cookies are shared by all ports of a host, so two workstations of one computer need two names.
  const name = `horopter-${port}`;
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  return {
    token,
    cookie: `${name}=${session}; Path=/; HttpOnly; SameSite=Strict`,
    isToken: (candidate) => candidate !== null && isSame(candidate, token),
    hostOf: ({ host }) => hosts.find((own) => own === host) ?? null,
    hasCookie: ({ cookie = "" }) =>
      cookie.split(";").some((pair) => {
        const [key, value = ""] = pair.trim().split("=", 2);
        return key === name && isSame(value, session);
      }),
    isOwnOrigin: ({ host, origin }) => hosts.some((own) => own === host && origin === `http://${own}`),
  };
}

/** Compares without telling by its time how much was right. */
function isSame(candidate: string, secret: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(candidate), digest(secret));
}
