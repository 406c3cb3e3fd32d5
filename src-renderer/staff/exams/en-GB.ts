export const enGB = {
  title: "Exam", list: "Exams", start: "Start an exam", find: "Find the patient", drafts: "Begun, not signed", recent: "Signed lately", none: "No exam is open.", noneText: "Find the patient above and press Enter to begin.",
  patient: "Patient", begun: "Begun", signed: "Signed", by: "By", outcomeHead: "Outcome",
  sections: { history: "Reason, history", refraction: "Refraction", findings: "Findings", outcome: "Outcome, recall" },
  reason: "Reason for the visit", history: "History and symptoms", right: "Right", left: "Left", va: "Acuity", bvd: "Vertex distance, mm", findings: "Findings and advice given", copy: "Copy right to left",
  outcome: "Outcome", choose: "choose", recall: "Recall in months", recommendation: "For the dispenser", advice: "Advice to the patient",
  kept: "Kept as you type, {{time}}", keptAll: "Kept as you type. Leave any time; nothing is lost.", notKept: "Not kept: {{message}}",
  sign: "Sign and hand over", discard: "Discard this draft", gaps_one: "{{count}} gap", gaps_other: "{{count}} gaps",
  signedBy: "Signed by {{name}}", final: "final at the centre", provisional: "signed here, on its way to the centre", amend: "Write an amendment", amendments: "Amendments", amendReason: "Why", amendText: "What is added or corrected", amendDo: "Sign the amendment",
  state: { amendment: "Amendment", proposed: "Written before the signature was seen", concurrent: "A second signature" },
  previous: "Previous prescription, {{date}}", years: "{{count}} years", now: "This exam",
  keys: { next: "Next field", copy: "Copy R to L", sign: "Sign and hand over" },
};
