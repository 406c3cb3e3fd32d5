/** Money: integer minor units, how they are written and read, rounded and split. */
export * from "./money.ts";
