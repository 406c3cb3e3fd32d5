/** What the tests of a PC's data share: a practice, and PCs in folders of their own that go when the test is over. */
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import type { Database } from "../sync-server/database/database.ts";
import { type Clinic, openCentreDatabase, openClinic } from "./clinic.ts";
import { newPlace, type Place } from "./workstations.ts";

/** Before each test of the file that calls this, a new practice without PCs. */
export function clinicWithPlaces() {
  let db: Database;
  let clinic: Clinic;
  let places: Place[];
  beforeAll(async () => {
    db = await openCentreDatabase();
  }, 60_000);
  beforeEach(async () => {
    clinic = await openClinic(db);
    places = [];
  });
  afterEach(async () => {
    for (const place of places) await place.remove();
    await clinic.close();
  });
  afterAll(() => db.close());

  /** A PC on which nothing was started yet. */
  function place(): Place {
    const made = newPlace(clinic);
    places.push(made);
    return made;
  }
  return {
    /** That of the test that begins. */
    clinic: (): Clinic => clinic,
    place,
    /** A till that has joined the practice and is at work. */
    async joinedTill(): Promise<Place> {
      const at = place();
      await at.open();
      await at.join();
      return at;
    },
  };
}
