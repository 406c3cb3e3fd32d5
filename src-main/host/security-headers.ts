export interface PagePolicy {
  /** Where the page may connect to, besides nowhere. */
  readonly connect: readonly string[];
  /** Where its images may come from, besides itself, `data:`, and what it made of bytes from the engine (`blob:`). */
  readonly images?: readonly string[];
  /**
   * Of this page. With it, style elements that carry it are allowed: the component library writes its colours into
   * one. Scripts gain nothing by it.
   */
  readonly nonce?: string | null;
}

/** What a page of ours may do: show itself, and talk to the engine. */
export function contentSecurityPolicy({ connect, images = [], nonce = null }: PagePolicy): string {
  const directives = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self'${nonce === null ? "" : ` 'nonce-${nonce}'`}`,
    "font-src 'self'",
    `img-src ${["'self'", ...images, "data:", "blob:"].join(" ")}`,
    `connect-src ${connect.length === 0 ? "'none'" : connect.join(" ")}`,
    // A PDF that the page made an address for, and nothing else: it opens in the browser's own viewer.
    "frame-src blob:",
    "frame-ancestors 'none'",
    "form-action 'none'",
    "base-uri 'none'",
  ];
  return directives.join("; ");
}

/** The headers of every answer, whatever it is. */
export function securityHeaders(policy: PagePolicy): Record<string, string> {
  return {
    "content-security-policy": contentSecurityPolicy(policy),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "x-frame-options": "DENY",
  };
}
