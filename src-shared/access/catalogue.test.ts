import { describe, expect, test } from "vitest";
import { entities } from "../sync/registry.ts";
import { allowedWithoutPermission, catalogue, corePermissions, findPermission, permissionGroups } from "./catalogue.ts";
import { definePermissions, joinPermissions, type PermissionLine, roleCodes, type Scope } from "./permission.ts";
import { defaultRoles, defaultScopes, roleTemplates, templateScopes } from "./roles.ts";

describe("the catalogue", () => {
  test("has the ninety keys of the domain's matrix, each once", () => {
    expect(corePermissions).toHaveLength(90);
    expect(new Set(catalogue.map((permission) => permission.key)).size).toBe(catalogue.length);
  });

  // Column sums of the matrix in cases-and-portal §5, counted from the document: a slip in one cell shows here.
  test.each([
    ["OW", { A: 77, T: 0, O: 0, S: 1 }],
    ["PM", { A: 66, T: 0, O: 0, S: 4 }],
    ["CL", { A: 42, T: 4, O: 1, S: 1 }],
    ["DO", { A: 18, T: 4, O: 9, S: 1 }],
    ["LT", { A: 7, T: 2, O: 5, S: 1 }],
    ["RC", { A: 22, T: 6, O: 3, S: 1 }],
    ["HC", { A: 28, T: 8, O: 5, S: 1 }],
    ["TD", { A: 3, T: 0, O: 11, S: 6 }],
  ] as const)("gives %s as many rights of each scope as the matrix does", (code, expected) => {
    const counted = { A: 0, T: 0, O: 0, S: 0 };
    for (const scope of Object.values(defaultScopes(code))) counted[scope]++;
    expect(counted).toEqual(expected);
  });

  test("shows every permission in a group that exists, and every group has permissions", () => {
    const groups = permissionGroups.map((group) => group.code as string);
    for (const permission of catalogue) expect(groups).toContain(permission.group);
    for (const group of groups) expect(catalogue.some((permission) => permission.group === group)).toBe(true);
  });

  test("does not guard what everyone may do", () => {
    for (const { code } of allowedWithoutPermission) expect(findPermission(code)).toBeUndefined();
    expect(allowedWithoutPermission).toHaveLength(4);
  });

  test("labels no two permissions alike", () => {
    expect(new Set(catalogue.map((permission) => permission.label)).size).toBe(catalogue.length);
  });

  test("knows every permission that an entity's declaration names", () => {
    const named = entities.flatMap(({ permissions }) => [permissions.insert, permissions.patch]);
    for (const key of named) if (typeof key === "string") expect(findPermission(key), key).toBeDefined();
  });
});

describe("a feature's own permissions", () => {
  const own = definePermissions({ lab: { "trays:manage": ["AA--A---", "Manage trays"] } });

  test("join the catalogue with a default per role", () => {
    const joined = joinPermissions<string>(corePermissions, own);
    expect(joined).toHaveLength(91);
    expect(defaultScopes("LT", joined)["trays:manage"]).toBe("A");
    expect(defaultScopes("RC", joined)["trays:manage"]).toBeUndefined();
  });
  test("cannot be declared twice", () => {
    expect(() => joinPermissions(own, own)).toThrow("declared twice");
  });
  test.each(["AAA", "AAAAAAAX", "AAAAAAAAA"])("cannot have the scopes %s", (written) => {
    expect(() => definePermissions({ lab: { "trays:manage": [written, "Manage trays"] as PermissionLine } })).toThrow(
      "malformed",
    );
  });
  test("cannot have a key that is not a thing and an action", () => {
    expect(() => definePermissions({ lab: { trays: ["AA--A---", "Manage trays"] } })).toThrow("not a permission key");
  });
});

describe("the default roles", () => {
  const scopeOf = (code: (typeof roleCodes)[number], key: string): Scope | undefined => defaultScopes(code)[key];

  test("are eight, in the order of the matrix", () => {
    expect(defaultRoles.map((role) => role.code)).toEqual(["OW", "PM", "CL", "DO", "LT", "RC", "HC", "TD"]);
  });
  test("let only the owner manage roles", () => {
    expect(defaultRoles.filter((role) => role.permissions["roles:manage"]).map((role) => role.code)).toEqual(["OW"]);
  });
  test("let only clinicians sign exams, issue prescriptions and lower urgency", () => {
    for (const key of ["exams:create", "exams:finalize", "prescriptions:issue", "cases:lower_urgency"]) {
      expect(defaultRoles.filter((role) => role.permissions[key]).map((role) => role.code)).toEqual(["CL"]);
    }
  });
  test("show an owner clinical data only by breaking the glass", () => {
    expect(scopeOf("OW", "patients:view_clinical")).toBeUndefined();
    expect(scopeOf("OW", "patients:break_glass")).toBe("A");
  });
  test("let everyone raise urgency and write an internal note", () => {
    for (const code of roleCodes) {
      expect(scopeOf(code, "cases:raise_urgency")).toBe("A");
      expect(scopeOf(code, "cases:note_internal")).toBe("A");
    }
  });
  test("countersign a dispensing optician's refund and a technician's remake", () => {
    expect(scopeOf("LT", "orders:remake")).toBe("S");
    expect(defaultRoles.filter((role) => role.permissions["pos:refund"] === "S").map((role) => role.code)).toEqual([
      "DO",
    ]);
  });
});

describe("the template library", () => {
  const scopesOf = (name: string) => {
    const template = roleTemplates.find((candidate) => candidate.name === name);
    return template ? templateScopes(template) : {};
  };
  test("has a nurse who is a clinician without issuing and signing", () => {
    const { "exams:finalize": _, "prescriptions:issue": __, ...rest } = defaultScopes("CL");
    expect(scopesOf("Nurse")).toEqual(rest);
  });
  test("has a senior technician who decides remakes alone", () => {
    expect(scopesOf("Senior Lab Tech")["orders:remake"]).toBe("A");
  });
  test("names only permissions that exist", () => {
    for (const template of roleTemplates) {
      for (const key of [...template.without, ...Object.keys(template.with)])
        expect(findPermission(key), key).toBeDefined();
    }
  });
});
