/**
 * Whether an address may be handed to the system's browser: https, nobody's credentials in it, and one of our own
 * hosts or below one. Everything else a page or a piece of data could name (files, programs' own schemes, another
 * site) would be opened outside every sandbox.
 */
export function mayOpenExternally(address: string, ownHosts: readonly string[]): boolean {
  const url = URL.parse(address);
  if (url?.protocol !== "https:" || url.username !== "" || url.password !== "" || url.port !== "") return false;
  return ownHosts.some((host) => url.hostname === host || url.hostname.endsWith(`.${host}`));
}

/** The browser's own viewer of PDFs, which is part of it, and what that viewer is drawn with. */
const viewerOfPdf = ["chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai/", "chrome://resources/"];

/** What the page itself may load: its own files, and what it made or was built with. Nothing of the network. */
export function mayLoad(address: string, ownScheme: string, development: boolean): boolean {
  const protocol = URL.parse(address)?.protocol;
  const own = [`${ownScheme}:`, "data:", "blob:", ...(development ? ["devtools:"] : [])];
  if (viewerOfPdf.some((part) => address.startsWith(part))) return true;
  return protocol !== undefined && own.includes(protocol);
}

/** Hosts from a build setting: `horopter.example, help.horopter.example`. */
export function hostsOf(setting: string | undefined): string[] {
  return (setting ?? "")
    .split(",")
    .map((host) => host.trim().toLowerCase())
    .filter((host) => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(host));
}
