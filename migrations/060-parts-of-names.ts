/**
 * What patients are found by changed: the parts of a double-barrelled name are. No column does, but a replica's index has
 * to be made anew, which opening it does at this step (`replica/open.ts`).
 */
export const migration060 = {
  number: 60,
  name: "parts-of-names",
  up(): void {},
};
