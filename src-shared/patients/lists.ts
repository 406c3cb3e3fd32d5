/** Closed lists of the patient's record; a value that is added takes a migration. */

/** What a patient can be asked consent for. Care itself, recall letters included, rests on other grounds (domain §4.6). */
export const consentPurposes = [
  "marketing",
  "share_with_doctor",
  "research",
  "portal",
  "photographs",
  "other",
] as const;

/** What another patient is to this one. */
export const relations = ["spouse", "parent", "child", "sibling", "carer", "household", "other"] as const;
export type Relation = (typeof relations)[number];

/** What is handed over right after a sight test (domain §4.1). */
export const statements = ["prescription", "no_rx_needed", "no_significant_change", "referred"] as const;
