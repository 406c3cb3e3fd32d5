/** Optics: prescriptions of an eye, how they are written and read, and all arithmetic of lenses. */

export * from "./centration.ts";
export * from "./check-limit.ts";
export * from "./computed.ts";
export * from "./fitting.ts";
export * from "./format.ts";
export * from "./frame.ts";
export * from "./limits.ts";
export * from "./materials.ts";
export * from "./matrix.ts";
export * from "./measure-limits.ts";
export * from "./near.ts";
export * from "./parse.ts";
export * from "./parse-power.ts";
export * from "./prentice.ts";
export * from "./prism.ts";
export * from "./reflectance.ts";
export * from "./sag.ts";
export * from "./stated.ts";
export * from "./thickness.ts";
export * from "./tilt.ts";
export * from "./transpose.ts";
export * from "./types.ts";
export * from "./validate.ts";
export * from "./vertex.ts";
