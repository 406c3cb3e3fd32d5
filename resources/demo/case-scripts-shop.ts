/** Cases about glasses, payments and papers. Invented; the words are nobody's. */
import type { CaseScript } from "./case-scripts.ts";

const ruth = "ruth.calloway" as const;
const hannah = "hannah.boyle" as const;
const marcus = "marcus.wren" as const;
const alan = "alan.birch" as const;
const jodie = "jodie.marsh" as const;
const eleanor = "eleanor.aldous" as const;

export const shopCases: readonly CaseScript[] = [
  {
    subject: "Varifocals swim when I walk",
    channel: "email",
    branch: "LDS",
    patient: "any",
    owner: hannah,
    openedBy: ruth,
    hours: [50, 6],
    steps: [
      {
        patient:
          "I have had the new glasses for a week and the floor moves when I go down the stairs. Reading is good.",
      },
      { staff: ruth, status: "assigned" },
      { staff: hannah, status: "in_progress" },
      {
        staff: hannah,
        says: "That often settles in two weeks. Please come by so that I can check how they sit; it takes ten minutes.",
      },
      { staff: hannah, notes: "Check fitting heights against the order before he comes." },
    ],
  },
  {
    subject: "When will my glasses be ready?",
    channel: "portal",
    branch: "LDS",
    patient: "any",
    owner: null,
    openedBy: ruth,
    hours: [4, 4],
    steps: [{ patient: "You said Tuesday. Are they there yet? I am going on holiday at the weekend." }],
  },
  {
    subject: "Nose pads leave marks",
    channel: "counter",
    branch: "LDS",
    patient: "any",
    owner: jodie,
    openedBy: jodie,
    hours: [74, 70],
    steps: [
      { patient: "At the counter: red marks on both sides of the nose." },
      { staff: jodie, status: "in_progress" },
      { staff: jodie, says: "Pads adjusted while you waited. Come back if the marks are still there in a few days." },
      { staff: jodie, status: "resolved" },
    ],
  },
  {
    subject: "Scratched lens after two weeks",
    channel: "email",
    branch: "HRG",
    patient: "any",
    owner: marcus,
    openedBy: marcus,
    hours: [98, 27],
    steps: [
      { patient: "The right lens has a long scratch and I have only ever used your cloth. I expect a new one." },
      { staff: marcus, status: "in_progress" },
      {
        staff: marcus,
        says: "I am sorry about that. Please bring them in; the coating has a guarantee and we will look at it together.",
      },
      { staff: marcus, status: "awaiting_patient" },
    ],
  },
  {
    subject: "Still waiting for the replacement lens",
    channel: "portal",
    branch: "HRG",
    patient: "any",
    owner: marcus,
    openedBy: marcus,
    hours: [140, 9],
    steps: [
      { patient: "The lens that you make again: is there a date?" },
      { staff: marcus, status: "awaiting_lab_results" },
      { staff: marcus, says: "The lab has the new lens and edges it this week." },
      { staff: marcus, status: "resolved" },
      { patient: "It is Thursday and I have heard nothing. Please call me." },
    ],
  },
  {
    subject: "Copy of the prescription",
    channel: "email",
    branch: "LDS",
    patient: "any",
    owner: ruth,
    openedBy: ruth,
    hours: [30, 28],
    steps: [
      { patient: "Please send me a copy of my prescription." },
      { staff: ruth, status: "in_progress" },
      { staff: ruth, says: "It is in your portal now, and a paper copy is in the post to the address we have." },
      { staff: ruth, status: "closed" },
    ],
  },
  {
    subject: "Glasses for sports",
    channel: "counter",
    branch: "LDS",
    patient: "sophie",
    owner: hannah,
    openedBy: ruth,
    hours: [26, 25],
    steps: [
      { patient: "At the counter, with her grandmother: plays hockey and takes her glasses off for it." },
      { staff: ruth, status: "assigned" },
      { staff: hannah, notes: "Show sports frames that take her prescription; impact-resistant lenses." },
    ],
  },
  {
    subject: "Refund for a cancelled appointment",
    channel: "email",
    branch: "LDS",
    patient: "any",
    owner: null,
    openedBy: ruth,
    hours: [22, 21],
    steps: [
      { patient: "I paid for the photograph of the eye in advance and could not come. How do I get it back?" },
      { staff: ruth, notes: "Needs Marcus or Eleanor." },
    ],
  },
  {
    subject: "Complaint about the waiting time",
    channel: "email",
    branch: "HRG",
    patient: "any",
    owner: eleanor,
    openedBy: marcus,
    hours: [190, 44],
    steps: [
      { patient: "I waited fifty minutes past my appointment and nobody said a word." },
      { staff: marcus, urgency: "W" },
      { staff: marcus, status: "assigned" },
      { staff: eleanor, status: "in_progress" },
      {
        staff: eleanor,
        says: "I am sorry; that is not how we want to treat you. I have spoken with the branch and will call you this week.",
      },
      { staff: eleanor, notes: "Two people were ill that day. Offer a free repair kit, not a refund." },
    ],
  },
  {
    subject: "Frame broke at the hinge",
    channel: "counter",
    branch: "YRK",
    patient: "any",
    owner: hannah,
    openedBy: alan,
    hours: [48, 46],
    steps: [
      { patient: "At the counter: left hinge broken, no spare pair." },
      { staff: alan, urgency: "U" },
      { staff: alan, status: "assigned" },
      { staff: hannah, notes: "Same frame is in stock at Leeds; sent with the van." },
    ],
  },
  {
    subject: "Do you take NHS vouchers?",
    channel: "phone",
    branch: "LDS",
    patient: null,
    owner: ruth,
    openedBy: ruth,
    hours: [80, 79],
    steps: [
      { patient: "By phone: asks about vouchers for two children." },
      { staff: ruth, says: "Yes, in all three branches; please bring the voucher or the proof of benefit." },
      { staff: ruth, status: "closed" },
    ],
  },
];
