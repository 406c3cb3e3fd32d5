/** Calendar: dates, zones, opening hours, working time, business dates. Nothing else knows daylight saving. */
export * from "./business-date.ts";
export * from "./dates.ts";
export * from "./opening.ts";
export * from "./read-time.ts";
export * from "./working-time.ts";
export * from "./zones.ts";
