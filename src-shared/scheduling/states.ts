/** Where a booked patient can be, and what can happen to a booking. */

export const appointmentKinds = [
  "sight_test",
  "child_test",
  "contact_lens_fit",
  "contact_lens_aftercare",
  "extra_tests",
  "dispensing",
  "collection",
  "repair",
  "other",
] as const;
export type AppointmentKind = (typeof appointmentKinds)[number];

/** Through the practice, in the order in which people usually go. */
export const visitStates = ["arrived", "pre_test", "with_optometrist", "dispensing", "gone"] as const;
export const appointmentStates = ["booked", ...visitStates, "cancelled", "did_not_attend"] as const;
export type AppointmentState = (typeof appointmentStates)[number];

/** `reopened`: booked again after a cancellation or a wrong tap. */
export const visitSteps = [...visitStates, "cancelled", "did_not_attend", "reopened", "note"] as const;
export type VisitStep = (typeof visitSteps)[number];
