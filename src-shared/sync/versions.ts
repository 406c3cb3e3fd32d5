/**
 * Which versions may do what (sync design §2.11). An older device is served for as long as can be; one that is too old
 * to understand what others write may still send what was written on it, and is told to update. None is locked out.
 */

export interface Minima {
  /** The oldest that may send what was written on it. */
  readonly minPush: number;
  /** The oldest that understands what it is sent. */
  readonly minPull: number;
  /** What the centre itself speaks. */
  readonly current: number;
}
export interface VersionMinima {
  readonly protocol: Minima;
  readonly schema: Minima;
}

/** `whole`: sends and receives. `push`: only sends. `none`: keeps everything until it is updated. */
export type Standing = "whole" | "push" | "none";

/** How a device of these versions stands at a centre; one that says nothing of its minima serves everybody. */
export function standingOf(
  minima: VersionMinima | undefined,
  device: { readonly protocol: number; readonly schema: number },
): Standing {
  if (!minima) return "whole";
  const atLeast = (limit: "minPush" | "minPull") =>
    device.protocol >= minima.protocol[limit] && device.schema >= minima.schema[limit];
  if (!atLeast("minPush")) return "none";
  return atLeast("minPull") ? "whole" : "push";
}

/** What a device says of itself to a person while it does not stand whole. */
export const outdatedWords: Readonly<Record<Exclude<Standing, "whole">, string>> = {
  push:
    "This PC has an old version of Horopter. What is written here is kept and still sent to the centre, but what others " +
    "write does not arrive until Horopter is updated on this PC.",
  none:
    "This PC's version of Horopter is too old for the centre. Work goes on and everything is kept here; it is sent as " +
    "soon as Horopter is updated on this PC.",
};

/** What the centre says to a device that is newer than itself. */
export const olderCentreWords =
  "The centre runs an older version of Horopter than this PC. Work goes on here and everything is kept; it is sent as soon as the centre is upgraded.";
