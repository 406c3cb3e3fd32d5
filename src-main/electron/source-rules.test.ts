import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const sources = globSync(["src-main/**/*.ts", "src-preload/**/*.ts"], { cwd: root, exclude: ["**/*.test.ts"] }).map(
  (path) => ({
    path: path.replaceAll("\\", "/"),
    file: ts.createSourceFile(path, readFileSync(join(root, path), "utf8"), ts.ScriptTarget.Latest, true),
  }),
);

/** All nodes of a kind in a file. */
function find<T extends ts.Node>(node: ts.Node, is: (candidate: ts.Node) => candidate is T): T[] {
  const found: T[] = is(node) ? [node] : [];
  ts.forEachChild(node, (child) => {
    found.push(...find(child, is));
  });
  return found;
}

const created = (name: RegExp) =>
  sources.flatMap(({ path, file }) =>
    find(file, ts.isNewExpression)
      .filter(({ expression }) => name.test(expression.getText(file)))
      .map((call) => ({ path, file, call })),
  );

/** A literal option of a window, as text: `{ sandbox: "true" }`. */
function options(file: ts.SourceFile, object: ts.Node | undefined): Record<string, string> {
  if (!object || !ts.isObjectLiteralExpression(object)) return {};
  const entries = object.properties
    .filter(ts.isPropertyAssignment)
    .map((property) => [property.name.getText(file), property.initializer.getText(file)] as const);
  return Object.fromEntries(entries);
}

describe("windows", () => {
  const windows = created(/^(electron\.)?BrowserWindow$/);

  test("are made in one place", () => {
    expect(windows.map(({ path }) => path)).toEqual(["src-main/electron/window.ts"]);
    expect(created(/BrowserView|WebContentsView|BaseWindow/)).toEqual([]);
  });

  test("have no rights but those of a web page", () => {
    for (const { file, call } of windows) {
      const [argument] = call.arguments ?? [];
      const preferences = find(call, ts.isPropertyAssignment).find(
        ({ name }) => name.getText(file) === "webPreferences",
      );
      expect(argument && ts.isObjectLiteralExpression(argument)).toBe(true);
      expect(options(file, preferences?.initializer)).toMatchObject({
        nodeIntegration: "false",
        nodeIntegrationInWorker: "false",
        nodeIntegrationInSubFrames: "false",
        contextIsolation: "true",
        sandbox: "true",
        webSecurity: "true",
        webviewTag: "false",
        plugins: "true",
        allowRunningInsecureContent: "false",
        experimentalFeatures: "false",
        devTools: "options.development",
      });
      // A spread could bring other preferences in behind these.
      expect(preferences && find(preferences, ts.isSpreadAssignment)).toEqual([]);
    }
  });
});

const importsOf = (file: ts.SourceFile) =>
  find(file, ts.isImportDeclaration).map((declaration) => ({
    from: (declaration.moduleSpecifier as ts.StringLiteral).text,
    typeOnly: declaration.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword,
  }));

test("Electron is known to the shell's own files only, and to none that a test runs", () => {
  const users = sources
    .filter(({ file }) => importsOf(file).some(({ from, typeOnly }) => from === "electron" && !typeOnly))
    .map(({ path }) => path)
    .sort();
  expect(users).toEqual([
    "src-main/electron/fork-engine.ts",
    "src-main/electron/main.ts",
    "src-main/electron/shell.ts",
    "src-main/electron/window.ts",
    "src-main/electron/windows.ts",
    "src-preload/index.ts",
  ]);
});

test("the preload gives the page nothing to call", () => {
  const { file } = sources.find(({ path }) => path === "src-preload/index.ts") ?? {};
  const text = file?.getText() ?? "";
  expect(text).not.toMatch(/contextBridge|exposeInMainWorld|\binvoke\b|window\.\w+\s*=/);
  expect(importsOf(file as ts.SourceFile).filter(({ typeOnly }) => !typeOnly)).toEqual([
    { from: "electron", typeOnly: false },
  ]);
});

test("messages of pages are answered in one place, after a look at who sent them", () => {
  const listening = sources
    .filter(({ file }) => /ipcMain\.(on|handle|once)/.test(file.text))
    .map(({ path, file }) => [path, /isOwnSender\(/.test(file.text)]);
  expect(listening).toEqual([["src-main/electron/windows.ts", true]]);
});
