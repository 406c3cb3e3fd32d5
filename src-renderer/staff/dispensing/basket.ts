/** What the till has in hand; kept as it is typed, so that a power cut resumes at the same field. */
import type { Tender } from "../../../src-shared/dispensing/entities.ts";
import { parseMoney } from "../../../src-shared/money/money.ts";

export interface TenderRow {
  readonly id: number;
  readonly tender: Tender;
  readonly amount: string;
  readonly reference: string;
}
export interface Basket {
  readonly patientId: string | null;
  readonly prescriptionId: string | null;
  readonly handoffId: string | null;
  readonly frameId: string | null;
  readonly lensId: string | null;
  readonly coatingIds: readonly string[];
  readonly discount: string;
  readonly measures: Readonly<Record<string, string>>;
  readonly rush: boolean;
  readonly tenders: readonly TenderRow[];
  readonly step: StepId;
}
export const stepIds = ["patient", "frame", "lenses", "measure", "pay"] as const;
export type StepId = (typeof stepIds)[number];

export const emptyBasket: Basket = {
  patientId: null,
  prescriptionId: null,
  handoffId: null,
  frameId: null,
  lensId: null,
  coatingIds: [],
  discount: "",
  measures: {},
  rush: false,
  tenders: [{ id: 1, tender: "card", amount: "", reference: "" }],
  step: "patient",
};

/** Typed millimetres as tenths; typed degrees as they are. What does not read is left out. */
export function measurementsOf(measures: Readonly<Record<string, string>>): Record<string, number> {
  const result: Record<string, number> = {};
  for (const [name, text] of Object.entries(measures)) {
    const value = Number(text.replace(",", "."));
    if (text.trim() === "" || !Number.isFinite(value)) continue;
    result[name] = name === "pantoscopic" || name === "wrap" ? Math.round(value) : Math.round(value * 10);
  }
  return result;
}
export function minorOf(text: string): number {
  const parsed = parseMoney(text || "0");
  return parsed.ok ? parsed.value : 0;
}
