/** Every feature's styles stay in the document once its screen was seen, so a class belongs to one feature alone. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const selectorsOf = (css: string) =>
  [...css.replace(/\/\*[\s\S]*?\*\//g, "").matchAll(/([^{}]+)\{/g)]
    .flatMap(([, selectors = ""]) => selectors.split(","))
    .map((selector) => selector.trim());
/** The doors of patients and of staff are one; the editor of forms is a page of the same settings as the roles. */
const shared = new Set(["rightp", "roles"]);
const bare = /^\.([\w-]+)(?::[\w-]+)*$/;

test("no feature restyles another's elements by a class of the same name", () => {
  const files = globSync("**/*.css", { cwd: import.meta.dirname }).map((path) => ({
    path,
    feature: path.split(/[\\/]/)[0],
    selectors: selectorsOf(readFileSync(join(import.meta.dirname, path), "utf8")),
  }));
  const owned = files.flatMap(({ path, feature, selectors }) =>
    selectors.flatMap((selector) => {
      const name = bare.exec(selector)?.[1];
      return name && !shared.has(name) ? [{ name, path, feature }] : [];
    }),
  );
  const clashes = owned.flatMap(({ name, path, feature }) =>
    files
      .filter((other) => other.feature !== feature)
      .filter(({ selectors }) => selectors.some((selector) => new RegExp(`\\.${name}(?![\\w-])`).test(selector)))
      .map((other) => `.${name} of ${path} in ${other.path}`),
  );
  expect([...new Set(clashes)]).toEqual([]);
});
