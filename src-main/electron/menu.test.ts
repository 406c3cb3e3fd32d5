import type { MenuItemConstructorOptions } from "electron";
import { expect, test } from "vitest";
import { menuTemplate } from "./menu.ts";

const choices = {
  platform: "win32",
  development: false,
  update: null,
  onUpdate: () => {},
  onNewWindow: () => {},
} as const;

/** All items, at whatever depth. */
function items(template: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return template.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? items(item.submenu) : [])]);
}
const roles = (change: object) => items(menuTemplate({ ...choices, ...change })).map(({ role }) => role);

test.each(["win32", "linux", "darwin"])("of a release on %s has no developer tools and no reload", (platform) => {
  expect(roles({ platform })).not.toContain("toggleDevTools");
  expect(roles({ platform }).join()).not.toMatch(/reload/i);
  expect(roles({ platform })).toEqual(expect.arrayContaining(["quit", "editMenu", "zoomIn", "zoomOut", "resetZoom"]));
  expect(roles({ platform, development: true })).toContain("toggleDevTools");
});

test("offers an update once there is one", () => {
  const labels = (update: string | null) => items(menuTemplate({ ...choices, update })).map(({ label }) => label);
  expect(labels(null).join()).not.toContain("update");
  expect(labels("1.2.3")).toContain("Restart to update to 1.2.3");
});
