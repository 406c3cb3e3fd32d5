import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Clinic, type ClinicDevice, openCentreDatabase, openClinic } from "../../sim/clinic.ts";
import { prescribe, registerPatient, sell, updatePatient } from "../../sim/work.ts";
import { savePerson } from "../../src-main/engine/access/commands.ts";
import { mergePatients } from "../../src-main/engine/patients/merge.ts";
import { patientSummary } from "../../src-main/engine/patients/summary.ts";
import { linkPatients, recordConsent } from "../../src-main/engine/patients/ties.ts";
import { apiScopes } from "../../src-shared/patients/api-scopes.ts";
import { profileStreams } from "../../src-shared/sync/entity.ts";
import { Refusal } from "../../src-shared/sync/ports.ts";
import type { Database } from "../database/database.ts";
import { type HttpServer, startHttp } from "../http.ts";
import { lockFor, storePassword } from "../identity/people.ts";
import { roleId } from "../identity/provision.ts";
import { centreSummary } from "./patient-summary.ts";

let db: Database;
let clinic: Clinic;
let device: ClinicDevice;
let http: HttpServer;
beforeAll(async () => {
  db = await openCentreDatabase();
}, 60_000);
beforeEach(async () => {
  clinic = await openClinic(db);
  device = await clinic.device("single", "room");
  await storePassword(clinic.centre(), clinic.practice.practice, clinic.practice.people.OW, password);
  http = await startHttp(clinic.centre(), { host: "127.0.0.1", port: 0 });
});
afterEach(async () => {
  await http.close();
  await clinic.close();
});
afterAll(() => db.close());

const connection = () => {
  const line = device.engine.sync.connection();
  if (!line) throw new Error("not connected");
  return line;
};
const password = "the owner's own words";
type Asked = { scopes?: readonly string[]; expiresAt?: number | null; by?: string; password?: string };
async function token(options: Asked = {}) {
  const asked = { by: clinic.practice.people.OW, password, scopes: apiScopes, expiresAt: null, ...options };
  return connection().createToken({ name: "Hospital", ...asked });
}
async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (cause: unknown) => cause,
  );
  const refusal = (error as { data?: { refusal?: { code: string } } } | null)?.data?.refusal;
  return error instanceof Refusal ? error.code : (refusal?.code ?? "taken");
}
async function ask(id: string, secret?: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${http.url}/api/patients/${id}/summary`, {
    headers: secret ? { authorization: `Bearer ${secret}` } : {},
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
const register = (details: Record<string, unknown> = {}): string =>
  (
    device.as("DO", registerPatient, {
      givenName: "Margaret",
      familyName: "Ellison",
      dateOfBirth: "1958-03-12",
      ...details,
    }) as { id: string }
  ).id;

/** A patient with something of nearly every kind, merged from two records. */
async function patientWithHistory(): Promise<string> {
  const [id, other, child] = [register(), register({ givenName: "Maggie" }), register({ dateOfBirth: "2012-01-01" })];
  const prescription = device.as("DO", prescribe, { patient: id });
  device.as("DO", prescribe, { patient: other });
  const lab = clinic.practice.branches.york;
  device.as("DO", sell, { patient: id, prescription, ...clinic.practice.products, lab, paid: 44_700 });
  device.as("DO", updatePatient, { id, details: { phone: "07700 900418", drives: true, allergies: null } });
  device.as("DO", linkPatients, { patientId: id, otherId: child, relation: "child" });
  device.as("RC", recordConsent, { patientId: id, purpose: "marketing", given: false, how: "paper", note: "Letter" });
  device.as("OW", mergePatients, { keptId: id, otherId: other, take: ["given_name"] });
  await clinic.meet(device);
  return id;
}

describe("GET /api/patients/:id/summary", () => {
  test("is what a workstation that holds everything shows", async () => {
    const id = await patientWithHistory();
    const { secret } = await token();
    const asker = { may: (key: string) => (apiScopes as readonly string[]).includes(key), now: Date.now() };
    const here = patientSummary(device.engine.read, id, { ...asker, streams: profileStreams.single });
    const there = await centreSummary(db, id, { ...asker, practice: clinic.practice.practice });
    expect(there).toEqual(here);
    expect(here).toMatchObject({ merged: [{}], family: [{ relation: "child" }], totals: { spent: 44_700 } });

    const { status, body } = await ask(id, secret);
    expect(status).toBe(200);
    expect(body).toEqual(JSON.parse(JSON.stringify({ ...here, holds: body.holds, next: body.next })));
  });

  test("leaves out what the token's scopes do not name", async () => {
    const id = await patientWithHistory();
    const { secret } = await token({ scopes: ["patients:view_360", "orders:view"] });
    const { body } = await ask(id, secret);
    expect(body).toMatchObject({ prescriptions: [], sales: [], totals: null, cases: [], jobs: [{}] });
  });

  test("writes who read what into the patient's audit, which devices receive", async () => {
    const id = await patientWithHistory();
    const made = await token();
    await ask(id, made.secret);
    await clinic.meet(device);
    expect(device.rows("audit_entry").filter(({ action }) => action === "api.patient-summary")).toMatchObject([
      { patient_id: id, changed: [`read with token ${made.id}`], user_id: null },
    ]);
    const { tokens } = await connection().listTokens({ by: clinic.practice.people.OW });
    expect(tokens[0]).toMatchObject({ id: made.id, name: "Hospital", usedAt: expect.any(Number) });
  });

  test("says what is wrong, as JSON", async () => {
    const id = await patientWithHistory();
    const { secret, id: tokenId } = await token();
    const error = async (answer: ReturnType<typeof ask>) => {
      const { status, body } = await answer;
      return [status, (body.error as { code: string }).code];
    };
    expect(await error(ask(id))).toEqual([401, "UNAUTHORISED"]);
    expect(await error(ask(id, "horopter_nonsense"))).toEqual([401, "UNAUTHORISED"]);
    expect(await error(ask(id, `${secret.slice(0, -1)}${secret.endsWith("A") ? "B" : "A"}`))).toEqual([
      401,
      "UNAUTHORISED",
    ]);
    expect(await error(ask("0".repeat(32), secret))).toEqual([404, "NOT_FOUND"]);
    expect(await error(ask("nobody", secret))).toEqual([404, "NOT_FOUND"]);
    const narrow = await token({ scopes: ["orders:view"] });
    expect(await error(ask(id, narrow.secret))).toEqual([403, "NO_SCOPE"]);
    await connection().revokeToken({ by: clinic.practice.people.OW, id: tokenId });
    expect(await error(ask(id, secret))).toEqual([401, "UNAUTHORISED"]);
  });

  test("a token that is over opens nothing", async () => {
    const id = await patientWithHistory();
    const soon = Date.now() + 400;
    const { secret } = await token({ expiresAt: soon });
    while (Date.now() <= soon) await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await ask(id, secret)).status).toBe(401);
  });

  test("a token of one practice knows nobody of another", async () => {
    const id = await patientWithHistory();
    const elsewhere = await openClinic(clinic.centre());
    await storePassword(clinic.centre(), elsewhere.practice.practice, elsewhere.practice.people.OW, password);
    const office = await elsewhere.device("hq", "office");
    const line = office.engine.sync.connection();
    const made = await line?.createToken({
      by: elsewhere.practice.people.OW,
      password,
      name: "Elsewhere",
      scopes: apiScopes,
      expiresAt: null,
    });
    expect((await ask(id, made?.secret)).status).toBe(404);
    await elsewhere.close();
  });

  test("nobody without the right makes, sees or revokes tokens", async () => {
    const { id } = await token();
    const by = clinic.practice.people.DO;
    expect(await codeOf(token({ by }))).toBe("NO_PERMISSION");
    expect(await codeOf(connection().listTokens({ by }))).toBe("NO_PERMISSION");
    expect(await codeOf(connection().revokeToken({ by, id }))).toBe("NO_PERMISSION");
  });

  test("a device that says the owner sits at it makes none without the owner's password", async () => {
    expect(await codeOf(token({ password: "" }))).toBe("WRONG_PASSWORD");
    // Nor by giving the owner another password, in the name of somebody who may manage people.
    const { OW: owner } = clinic.practice.people;
    const roleOfManagers = roleId(clinic.practice.practice, "PM");
    const { id: manager } = device.as("OW", savePerson, {
      id: null,
      person: { name: "Ada Manager", email: "ada@example.org", roleId: roleOfManagers, branchId: null },
    }) as { id: string };
    await clinic.meet(device);
    const other = "another password of mine";
    for (const byPassword of [null, other])
      expect(await codeOf(connection().setPassword({ user: owner, by: manager, password: other, byPassword }))).toBe(
        "WRONG_PASSWORD",
      );
    expect(await codeOf(token({ password: other }))).toBe("WRONG_PASSWORD");
    expect(await codeOf(token())).toBe("taken");
  });

  test("guessing the password here is braked as it is at the door", async () => {
    let failed = 0;
    while (lockFor(failed) === 0) {
      expect(await codeOf(token({ password: "a guess" }))).toBe("WRONG_PASSWORD");
      failed += 1;
    }
    expect(await codeOf(token())).toBe("LOCKED");
  });

  test("a token that asks too much has to wait a minute", async () => {
    const { secret } = await token();
    const asked = await Promise.all(Array.from({ length: 125 }, () => ask("nobody", secret)));
    const tooMany = asked.filter(({ status }) => status === 429);
    expect(tooMany.length).toBeGreaterThan(0);
    expect(tooMany[0]?.body.error).toMatchObject({ code: "TOO_MANY" });
  });
});
