/** Optics: prescriptions of an eye, how they are written, read, transposed and checked. */
export * from "./format.ts";
export * from "./limits.ts";
export * from "./parse.ts";
export * from "./parse-power.ts";
export * from "./transpose.ts";
export * from "./types.ts";
export * from "./validate.ts";
