// What is planted beside the code of each layer while it is checked: the compiler must refuse what the layer may not
// see, and nothing else. A tsconfig that lets too much through is found out by this, not by the code that uses it.
const typeError = 'export const sphere: number = "-2.25";';
const enumeration = "export enum Eye { Right, Left }";
const usesDocument = "export const title = document.title;";
const usesProcess = "export const folder = process.cwd();";
const usesBuffer = 'export const bytes = Buffer.from("00", "hex");';
const usesNodeModule = 'import { readFileSync } from "node:fs";\nexport const text = readFileSync("a", "utf8");';
const usesTimer = "export const timer = setTimeout(() => {}, 1);";
const usesConsole = 'console.log("");\nexport {};';
const usesElectron = 'import { app } from "electron";\nexport const name = app.getName();';
const usesStyleSheet = 'import "./theme.css";\nexport {};';
const jsx = "export const Heading = () => <h1>Dispense</h1>;";
const calculation = "export const half = (sphere: number): number => Math.round(sphere / 2);";

/** Files by name; `jsx` is a .tsx. */
export interface Plants {
  readonly allowed: Readonly<Record<string, string>>;
  readonly forbidden: Readonly<Record<string, string>>;
}

const pure: Plants = {
  allowed: { calculation },
  forbidden: { typeError, enumeration, usesDocument, usesProcess, usesBuffer, usesNodeModule, usesTimer, usesConsole },
};
const node: Plants = {
  allowed: { calculation, usesProcess, usesBuffer, usesNodeModule, usesConsole },
  forbidden: { typeError, enumeration, usesDocument, jsx },
};
const tools: Plants = {
  allowed: { calculation, usesProcess, usesNodeModule, usesDocument },
  forbidden: { typeError, enumeration },
};

export const plants: Readonly<Record<string, Plants>> = {
  "src-shared": pure,
  migrations: pure,
  replica: node,
  engine: node,
  secrets: node,
  host: node,
  electron: { ...node, allowed: { ...node.allowed, usesElectron } },
  preload: { allowed: { calculation, usesDocument, usesElectron }, forbidden: { typeError, enumeration } },
  renderer: {
    allowed: { calculation, usesDocument, usesTimer, usesStyleSheet, jsx },
    forbidden: { typeError, enumeration, usesProcess, usesBuffer, usesNodeModule },
  },
  "sync-server": node,
  scripts: tools,
  tests: tools,
};
