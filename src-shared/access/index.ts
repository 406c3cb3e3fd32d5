/** Access: the permission catalogue, the default roles, and who may do what. */
export * from "./can.ts";
export * from "./catalogue.ts";
export * from "./permission.ts";
export * from "./roles.ts";
