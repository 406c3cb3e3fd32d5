import { describe, expect, test } from "vitest";
import { buildAccess } from "../access/can.ts";
import type { Scope } from "../access/permission.ts";
import { authoriseBody } from "./authorise.ts";
import type { StoredRow } from "./entity.ts";
import type { Body } from "./group.ts";
import { entityOf } from "./registry.ts";

const [leeds, york, ann] = ["leeds", "york", "ann"];

/** Ann's home is Leeds; she holds each permission in the scope given. */
function ask(
  held: Readonly<Record<string, Scope>>,
  body: Pick<Body, "entity" | "op" | "branch" | "fields">,
  row: object | null = null,
) {
  const access = buildAccess({
    users: [{ id: ann, active: true, home_branch_id: leeds }],
    roles: [{ id: "r" }],
    rolePermissions: Object.entries(held).map(([permission, scope]) => ({ role_id: "r", permission, scope })),
    userRoles: [{ user_id: ann, role_id: "r", branch_id: null }],
  });
  return authoriseBody(access, ann, entityOf(body.entity), body as Body, row as StoredRow | null).allowed;
}

const patch = (branch: string | null, fields: object = { given_name: "M" }) => ({
  entity: "patient",
  op: "patch" as const,
  branch,
  fields: fields as Body["fields"],
});
const inLeeds: Readonly<Record<string, Scope>> = { "patients:edit_demographics": "T" };

describe("a right that holds in one branch", () => {
  test("changes that branch's rows", () => {
    expect(ask(inLeeds, patch(leeds), { branch_id: leeds })).toBe(true);
  });
  test.each([leeds, york, null])("changes no other branch's row, whichever branch the change names: %s", (claimed) => {
    expect(ask(inLeeds, patch(claimed), { branch_id: york })).toBe(false);
  });
  test("moves no row into or out of another branch", () => {
    expect(ask(inLeeds, patch(leeds, { branch_id: york }), { branch_id: leeds })).toBe(false);
    expect(ask(inLeeds, patch(leeds, { branch_id: leeds }), { branch_id: york })).toBe(false);
  });
  test("makes no row for another branch", () => {
    const insert = (branch: string) => ({
      entity: "patient",
      op: "insert" as const,
      branch: leeds,
      fields: { branch_id: branch } as Body["fields"],
    });
    expect(ask({ "patients:create": "T" }, insert(leeds))).toBe(true);
    expect(ask({ "patients:create": "T" }, insert(york))).toBe(false);
  });
});

test("a right that holds everywhere moves a row", () => {
  expect(ask({ "patients:edit_demographics": "A" }, patch(leeds, { branch_id: york }), { branch_id: leeds })).toBe(
    true,
  );
});
