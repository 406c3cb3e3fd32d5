export const LINK_SCHEME = "horopter";

/**
 * The page's route for a link from outside (`horopter://open/<kind>/<id>`), or null. A link names a thing and asks
 * for nothing: it carries an opaque id, which the page shows and the person confirms. Whoever can make a person
 * click can send one.
 */
export function routeOf(link: string): string | null {
  const url = URL.parse(link);
  if (url?.protocol !== `${LINK_SCHEME}:` || url.hostname !== "open" || url.search !== "" || url.hash !== "")
    return null;
  const match = /^\/(patient|job|sale|case)\/([0-9a-f]{32})$/.exec(url.pathname);
  return match ? `/open/${match[1]}/${match[2]}` : null;
}

/** The route of the first link among a program's arguments, which is how Windows and Linux pass it. */
export function routeIn(args: readonly string[]): string | null {
  for (const arg of args) {
    if (!arg.startsWith(`${LINK_SCHEME}:`)) continue;
    const route = routeOf(arg);
    if (route) return route;
  }
  return null;
}
