export const enGB = {
  demo: "DEMO – Not Real Data",
  search: "Patient, job, sale or case",
  nothingFound: "Nothing here by that name, date of birth, phone or number.",
  rail: { today: "Today", patients: "Patients", till: "Till", jobs: "Jobs", board: "Board", exam: "Exam", cases: "Cases", hq: "Office", sync: "Sync", help: "Help" },
  signOut: "Sign out",
  theme: "Light or dark",
  palette: "All commands",
  paletteSearch: "Type what you want to do",
  noCommand: "No command by that name on this screen.",
  failed: "This screen failed. What you saved is safe.",
  kinds: { patient: "Patient", job: "Job", sale: "Sale", case: "Case" },
};
