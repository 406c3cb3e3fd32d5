/** What the tests of *needs attention* share: a till, head office's PC, and what people see and decide there. */
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import type { AttentionCard } from "../src-main/engine/sync/attention/cards.ts";
import { type Decision, decide } from "../src-main/engine/sync/attention/decide.ts";
import { attention } from "../src-main/engine/sync/attention/index.ts";
import type { Database } from "../sync-server/database/database.ts";
import { type Clinic, type ClinicDevice, openCentreDatabase, openClinic } from "./clinic.ts";
import { sessionAt } from "./sessions.ts";

/** Somebody to register. */
export const margaret = {
  givenName: "Margaret",
  familyName: "Ellison",
  dateOfBirth: "1958-12-03",
  phone: "07700 900418",
};

export interface TillAndOffice {
  readonly clinic: Clinic;
  readonly till: ClinicDevice;
  readonly office: ClinicDevice;
}

/** Before each test of the file that calls this, a new practice with two devices that have met. */
export function tillAndOffice() {
  let db: Database;
  let made: TillAndOffice;
  beforeAll(async () => {
    db = await openCentreDatabase();
  }, 60_000);
  beforeEach(async () => {
    const clinic = await openClinic(db);
    made = { clinic, till: await clinic.device("till", "Till 1"), office: await clinic.device("hq", "Office") };
  });
  afterEach(() => made.clinic.close());
  afterAll(() => db.close());

  const session = (device: ClinicDevice, who: string) => sessionAt(device, made.clinic, who);
  /** The cards that somebody sees at a device. */
  const cards = (device: ClinicDevice, who: string): AttentionCard[] => [
    ...attention(device.engine, session(device, who)),
  ];
  /** The one card that somebody sees there. */
  function only(device: ClinicDevice, who: string): AttentionCard {
    const [card, ...others] = cards(device, who);
    if (!card) throw new Error(`${who} sees nothing`);
    if (others.length > 0) {
      const more = others.map(({ kind, code, command }) => `${kind} ${code} ${command}`);
      throw new Error(`${who} sees ${more.join(", ")} too`);
    }
    return card;
  }
  return {
    /** Those of the test that begins. */
    made: (): TillAndOffice => made,
    session,
    cards,
    only,
    /** Decides about a card, the only one unless it is named. */
    act: (device: ClinicDevice, who: string, decision: Omit<Decision, "id">, card = only(device, who)) =>
      decide(device.engine, session(device, who), { id: card.id, ...decision }),
  };
}
