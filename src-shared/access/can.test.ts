import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Access,
  type AccessRows,
  type Answer,
  buildAccess,
  can,
  fromJson,
  lockOutGuard,
  mayAnywhere,
  permissionsOf,
  type Resource,
  toJson,
} from "./can.ts";
import type { Scope } from "./permission.ts";
import { defaultScopes } from "./roles.ts";

const leeds = "leeds";
const york = "york";
const ann = "ann";
const bob = "bob";

type Assigned = readonly [scope: Scope, branch?: string | null];

/** Ann holds `x:do` once per given scope, each through a role of its own; her home is Leeds. */
function annWith(...held: readonly Assigned[]): Access {
  return buildAccess({
    users: [{ id: ann, active: true, home_branch_id: leeds }],
    roles: held.map((_, i) => ({ id: `role ${i}` })),
    rolePermissions: held.map(([scope], i) => ({ role_id: `role ${i}`, permission: "x:do", scope })),
    userRoles: held.map(([, branch = null], i) => ({ user_id: ann, role_id: `role ${i}`, branch_id: branch })),
  });
}
const asks = (access: Access, resource: Resource = {}) => can(access, ann, "x:do", resource);

describe("by default nobody may anything", () => {
  test("a user without roles may not", () => {
    expect(asks(annWith())).toBe("no");
  });
  test("a user who is unknown may not", () => {
    expect(can(annWith(["A"]), bob, "x:do", {})).toBe("no");
  });
  test("a permission nobody granted is nobody's", () => {
    expect(can(annWith(["A"]), ann, "y:do", {})).toBe("no");
  });

  const rows = (change: (rows: Required<AccessRows>) => AccessRows) =>
    buildAccess(
      change({
        users: [{ id: ann, active: true, home_branch_id: leeds }],
        roles: [{ id: "r" }],
        rolePermissions: [{ role_id: "r", permission: "x:do", scope: "A" }],
        userRoles: [{ user_id: ann, role_id: "r", branch_id: null }],
      }),
    );
  test("an inactive user may not", () => {
    expect(asks(rows((all) => ({ ...all, users: all.users.map((user) => ({ ...user, active: false })) })))).toBe("no");
  });
  test.each(["users", "roles", "rolePermissions", "userRoles"] as const)(
    "a tombstone among %s grants nothing",
    (table) => {
      expect(asks(rows((all) => all))).toBe("yes");
      expect(asks(rows((all) => ({ ...all, [table]: all[table].map((row) => ({ ...row, deleted: true })) })))).toBe(
        "no",
      );
    },
  );
});

describe("scopes", () => {
  test.each<[name: string, held: Assigned[], resource: Resource, answer: Answer]>([
    ["A reaches every branch", [["A"]], { branch: york, owner: bob }, "yes"],
    ["T reaches the home branch", [["T"]], { branch: leeds }, "yes"],
    ["T does not reach another branch", [["T"]], { branch: york }, "no"],
    ["T reaches what has no branch", [["T"]], { branch: null }, "yes"],
    ["T reaches the branch it was assigned for", [["T", york]], { branch: york }, "yes"],
    ["T assigned elsewhere does not reach the home branch", [["T", york]], { branch: leeds }, "no"],
    ["O reaches one's own", [["O"]], { branch: york, owner: ann, createdBy: bob }, "yes"],
    ["O reaches what one made for somebody else", [["O"]], { owner: bob, createdBy: ann }, "yes"],
    ["O does not reach another's", [["O"]], { owner: bob, createdBy: bob }, "no"],
    ["O does not reach another's whose maker is not told", [["O"]], { owner: bob }, "no"],
    ["O reaches a row that is being made", [["O"]], { branch: leeds, owner: null }, "yes"],
    ["O does not reach a row that exists and is nobody's", [["O"]], { owner: null, createdBy: null }, "no"],
    ["S asks for a countersignature anywhere", [["S"]], { branch: york, owner: bob }, "countersign"],
    ["S and A is A", [["S"], ["A"]], { branch: york }, "yes"],
    ["S and O is yes for one's own", [["S"], ["O"]], { owner: ann }, "yes"],
    ["S and O asks for a countersignature for another's", [["S"], ["O"]], { owner: bob }, "countersign"],
    ["A for one branch reaches that branch", [["A", york]], { branch: york }, "yes"],
    ["A for one branch does not reach another, not even home", [["A", york]], { branch: leeds }, "no"],
    ["A for one branch reaches what has no branch", [["A", york]], {}, "yes"],
    ["S for one branch does not reach another", [["S", york]], { branch: leeds }, "no"],
    ["O for one branch does not reach one's own in another", [["O", york]], { branch: leeds, owner: ann }, "no"],
  ])("%s", (_name, held, resource, answer) => {
    expect(asks(annWith(...held), resource)).toBe(answer);
  });

  test("T without a home branch reaches no branch", () => {
    const access = buildAccess({
      users: [{ id: ann, active: true, home_branch_id: null }],
      roles: [{ id: "r" }],
      rolePermissions: [{ role_id: "r", permission: "x:do", scope: "T" }],
      userRoles: [{ user_id: ann, role_id: "r", branch_id: null }],
    });
    expect(asks(access, { branch: leeds })).toBe("no");
    expect(asks(access)).toBe("yes");
  });
});

describe("for menus", () => {
  test("the widest scope counts, and what needs nobody else comes before S", () => {
    expect(mayAnywhere(annWith(["O"], ["T"]), ann, "x:do")).toBe("T");
    expect(mayAnywhere(annWith(["S"], ["O"]), ann, "x:do")).toBe("O");
    expect(mayAnywhere(annWith(["S"], ["A"]), ann, "x:do")).toBe("A");
    expect(mayAnywhere(annWith(["S"]), ann, "x:do")).toBe("S");
    expect(mayAnywhere(annWith(), ann, "x:do")).toBeNull();
  });
  test("A for one branch is only T", () => {
    expect(mayAnywhere(annWith(["A", york]), ann, "x:do")).toBe("T");
  });
  test("a default role's permissions come out as they went in", () => {
    const scopes = defaultScopes("DO");
    const access = buildAccess({
      users: [{ id: ann, active: true, home_branch_id: leeds }],
      roles: [{ id: "r" }],
      rolePermissions: Object.entries(scopes).map(([permission, scope]) => ({ role_id: "r", permission, scope })),
      userRoles: [{ user_id: ann, role_id: "r", branch_id: null }],
    });
    expect(permissionsOf(access, ann)).toEqual(scopes);
    expect(permissionsOf(access, bob)).toEqual({});
  });
});

describe("the lock-out guard", () => {
  const owners = (...users: readonly { id: string; active: boolean; scope?: Scope }[]) =>
    buildAccess({
      users: users.map(({ id, active }) => ({ id, active, home_branch_id: null })),
      roles: users.map(({ id }) => ({ id: `role of ${id}` })),
      rolePermissions: users.map(({ id, scope = "A" }) => ({
        role_id: `role of ${id}`,
        permission: "roles:manage",
        scope,
      })),
      userRoles: users.map(({ id }) => ({ user_id: id, role_id: `role of ${id}`, branch_id: null })),
    });
  const both = owners({ id: ann, active: true }, { id: bob, active: true });

  test("one of two owners may go", () => {
    expect(lockOutGuard(both, owners({ id: ann, active: true }, { id: bob, active: false }))).toBe("ok");
  });
  test("the last owner may not", () => {
    expect(lockOutGuard(both, owners({ id: ann, active: false }, { id: bob, active: false }))).toBe("locks_out");
  });
  test("a narrower right to manage roles does not count", () => {
    expect(lockOutGuard(both, owners({ id: ann, active: true, scope: "S" }))).toBe("locks_out");
  });
  test("a practice that is being set up has nobody to lose", () => {
    expect(lockOutGuard(owners(), owners())).toBe("ok");
    expect(lockOutGuard(owners(), both)).toBe("ok");
  });
});

// Few names, so that rows meet.
const person = fc.constantFrom("u1", "u2", "u3");
const roleId = fc.constantFrom("r1", "r2", "r3");
const branchId = fc.constantFrom("b1", "b2");
const permission = fc.constantFrom("x:do", "y:do", "roles:manage");
const deleted = fc.option(fc.boolean(), { nil: undefined });
const rolePermission = fc.record({
  role_id: roleId,
  permission,
  scope: fc.constantFrom<Scope>("A", "T", "O", "S"),
  deleted,
});
const userRole = fc.record({ user_id: person, role_id: roleId, branch_id: fc.option(branchId), deleted });
const accessRows: fc.Arbitrary<AccessRows> = fc.record({
  users: fc.uniqueArray(fc.record({ id: person, active: fc.boolean(), home_branch_id: fc.option(branchId), deleted }), {
    selector: (user) => user.id,
  }),
  roles: fc.uniqueArray(fc.record({ id: roleId, deleted }), { selector: (role) => role.id }),
  rolePermissions: fc.array(rolePermission, { maxLength: 12 }),
  userRoles: fc.array(userRole, { maxLength: 8 }),
});
const resource: fc.Arbitrary<Resource> = fc.record(
  { branch: fc.option(branchId), owner: fc.option(person), createdBy: fc.option(person) },
  { requiredKeys: [] },
);
const rank: Readonly<Record<Answer, number>> = { no: 0, countersign: 1, yes: 2 };
const shuffled = <T>(items: readonly T[]) => fc.shuffledSubarray([...items], { minLength: items.length });

describe("for any rows", () => {
  test("giving a user one more role never takes a right away", () => {
    fc.assert(
      fc.property(accessRows, userRole, person, permission, resource, (rows, more, who, what, where) => {
        const before = buildAccess(rows);
        const after = buildAccess({ ...rows, userRoles: [...rows.userRoles, more] });
        expect(rank[can(after, who, what, where)]).toBeGreaterThanOrEqual(rank[can(before, who, what, where)]);
      }),
    );
  });
  test("giving a role one more permission never takes a right away", () => {
    fc.assert(
      fc.property(accessRows, rolePermission, person, permission, resource, (rows, more, who, what, where) => {
        const before = buildAccess(rows);
        const after = buildAccess({ ...rows, rolePermissions: [...rows.rolePermissions, more] });
        expect(rank[can(after, who, what, where)]).toBeGreaterThanOrEqual(rank[can(before, who, what, where)]);
      }),
    );
  });
  test("the order of the rows does not matter, down to the bytes of the snapshot", () => {
    const reordered = accessRows.chain((rows) =>
      fc.tuple(
        fc.constant(rows),
        fc.record({
          users: shuffled(rows.users),
          roles: shuffled(rows.roles),
          rolePermissions: shuffled(rows.rolePermissions),
          userRoles: shuffled(rows.userRoles),
        }),
      ),
    );
    fc.assert(
      fc.property(reordered, ([rows, other]) => {
        expect(JSON.stringify(toJson(buildAccess(other)))).toBe(JSON.stringify(toJson(buildAccess(rows))));
      }),
    );
  });
  test("a snapshot that went through JSON answers as before", () => {
    fc.assert(
      fc.property(accessRows, person, permission, resource, (rows, who, what, where) => {
        const access = buildAccess(rows);
        const back = fromJson(JSON.parse(JSON.stringify(toJson(access))));
        expect(can(back, who, what, where)).toBe(can(access, who, what, where));
        expect(permissionsOf(back, who)).toEqual(permissionsOf(access, who));
        expect(toJson(back)).toEqual(toJson(access));
      }),
    );
  });
  test("what a menu shows is what can be done somewhere, and nothing else", () => {
    fc.assert(
      fc.property(accessRows, person, permission, resource, (rows, who, what, where) => {
        const access = buildAccess(rows);
        const scope = mayAnywhere(access, who, what);
        if (scope === null) expect(can(access, who, what, where)).toBe("no");
        else expect(can(access, who, what, {})).toBe(scope === "S" ? "countersign" : "yes");
        if (scope === "A") expect(can(access, who, what, where)).toBe("yes");
      }),
    );
  });
});

test("something that is no snapshot is refused", () => {
  expect(() => fromJson({ users: [{ id: ann }] })).toThrow();
});
