/** Cases that a clinician answers. Invented; the words are nobody's. */
import type { CaseScript } from "./case-scripts.ts";

const ruth = "ruth.calloway" as const;
const priya = "priya.raman" as const;
const marcus = "marcus.wren" as const;
const alan = "alan.birch" as const;

export const clinicalCases: readonly CaseScript[] = [
  {
    subject: "New floaters in the left eye since this morning",
    channel: "portal",
    branch: "LDS",
    patient: "margaret",
    owner: priya,
    openedBy: ruth,
    hours: [5, 1],
    steps: [
      {
        patient:
          "Since I got up I see little black dots in my left eye, like flies. There is no pain. Should I come in?",
      },
      { staff: ruth, urgency: "E1" },
      { staff: ruth, status: "assigned" },
      { staff: ruth, notes: "No curtain, no flashes when asked on the phone. Priya told at once." },
      {
        staff: priya,
        says: "Thank you for telling us straight away. Please come in today; the drops blur your sight, so do not drive. If a shadow or flashes appear, go to eye casualty at once.",
      },
      { staff: priya, status: "awaiting_patient" },
      { patient: "My husband can bring me within the hour." },
    ],
  },
  {
    subject: "Painful red eye, contact lens wearer",
    channel: "phone",
    branch: "LDS",
    patient: "any",
    owner: priya,
    openedBy: ruth,
    hours: [3, 1],
    steps: [
      { patient: "By phone: right eye red and painful since last night, worn monthly lenses overnight, light hurts." },
      { staff: ruth, urgency: "E1" },
      { staff: ruth, status: "doctor_follow_up" },
      { staff: ruth, notes: "Told to take the lens out and keep it. Brings case and lens along." },
    ],
  },
  {
    subject: "Sudden loss of sight in one eye",
    channel: "phone",
    branch: "YRK",
    patient: "any",
    owner: alan,
    openedBy: alan,
    hours: [20, 18],
    steps: [
      { patient: "By phone: right eye went dark for about ten minutes this morning, now back to normal." },
      { staff: alan, urgency: "E0" },
      {
        staff: alan,
        notes: "Sent to the emergency department straight away, letter sent along. Patient did not drive.",
      },
      { staff: alan, status: "awaiting_third_party" },
    ],
  },
  {
    subject: "Glaucoma in the family: how often should I be checked?",
    channel: "portal",
    branch: "LDS",
    patient: "derek",
    owner: priya,
    openedBy: ruth,
    hours: [160, 120],
    steps: [
      { patient: "My brother is on drops now as well. Is once a year enough for me?" },
      { staff: ruth, urgency: "W" },
      { staff: ruth, status: "assigned" },
      {
        staff: priya,
        says: "Once a year is right as long as pressures and fields stay as they are. The next test is paid for by the NHS.",
      },
      { staff: priya, status: "resolved" },
    ],
  },
  {
    subject: "Letter for the driving licence",
    channel: "phone",
    branch: "YRK",
    patient: "any",
    owner: alan,
    openedBy: alan,
    hours: [55, 31],
    steps: [
      { patient: "By phone: needs the number plate test confirmed on a form." },
      { staff: alan, status: "assigned" },
      {
        staff: alan,
        says: "The form can be filled in at your next visit; without a test of this year I cannot sign it.",
      },
      { staff: alan, status: "awaiting_patient" },
    ],
  },
  {
    subject: "Dry eyes at the computer",
    channel: "portal",
    branch: "HRG",
    patient: "any",
    owner: null,
    openedBy: marcus,
    hours: [12, 12],
    steps: [{ patient: "My eyes burn in the afternoon. Which drops do you recommend, and do I need an appointment?" }],
  },
  {
    subject: "Results of the visual field test",
    channel: "phone",
    branch: "YRK",
    patient: "any",
    owner: alan,
    openedBy: alan,
    hours: [120, 60],
    steps: [
      { patient: "By phone: asks what the second field test showed." },
      { staff: alan, urgency: "W" },
      { staff: alan, status: "doctor_follow_up" },
      { staff: alan, notes: "Compare with last year before calling back." },
      { staff: alan, urgency: "U" },
    ],
  },
];
