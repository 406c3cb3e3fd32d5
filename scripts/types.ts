// scripts/types.ts <layer>: checks the types of a layer, and that its tsconfig lets it see only what it may. Both in one
// run of the compiler, since reading all of a layer is what takes the time.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type Layer, layers, patternsOf } from "./layers.ts";
import { type Plants, plants } from "./plants.ts";
import { root, run } from "./run.ts";

interface Compiled {
  /** What the compiler says of the layer's own files. */
  readonly output: string;
  /** The planted files that it complains about. */
  readonly refused: readonly string[];
}

/** Compiles planted files together with the files of the patterns, under the layer's own settings. */
async function compile(layer: Layer, include: readonly string[], files: Plants["allowed"]): Promise<Compiled> {
  // Inside the repository, so that packages and their types are found.
  mkdirSync(join(root, "out"), { recursive: true });
  const place = mkdtempSync(join(root, `out/planted-${layer.name}-`));
  try {
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(place, `${name}.${name === "jsx" ? "tsx" : "ts"}`), text);
    }
    const config = {
      extends: join(root, layer.config),
      include: [...include.map((pattern) => join(root, pattern)), "*.ts", "*.tsx"],
      exclude: patternsOf(layer)
        .exclude.map((pattern) => join(root, pattern))
        .filter((pattern) => !place.startsWith(pattern)),
    };
    writeFileSync(join(place, "tsconfig.json"), JSON.stringify(config));
    const { output, code } = await run(["bin:tsc7", "-p", join(place, "tsconfig.json"), "--pretty", "false"]);
    const lines = output.split("\n");
    // What follows an error and is indented belongs to it.
    const own: string[] = [];
    const refused = new Set<string>();
    let planted = false;
    for (const line of lines) {
      if (!line.startsWith(" ")) planted = line.includes(`${basename(place)}/`);
      const file = /^(.+?)\.tsx?\(\d+,\d+\): error TS/.exec(line)?.[1];
      if (planted && file) refused.add(basename(file));
      else if (!planted) own.push(line);
    }
    if (code !== 0 && refused.size === 0 && own.join("").trim() === "") own.push(`the compiler ended with ${code}`);
    return { output: own.join("\n").trim(), refused: [...refused].sort() };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

const layer = layers.find(({ name }) => name === process.argv[2]);
const sown = plants[layer?.name ?? ""];
if (!layer || !sown) {
  console.error(`There is no layer ${process.argv[2]}. The layers are ${layers.map(({ name }) => name).join(", ")}.`);
  process.exit(2);
}
const files = { ...sown.allowed, ...sown.forbidden };
const { include } = patternsOf(layer);
// The types that the renderer takes from the engine bring Node's globals along, so plants are seen without its code;
// there the ban on Node's globals is Biome's (biome.test.ts).
const alone = layer.name === "renderer";
const { output, ...whole } = await compile(layer, include, alone ? {} : files);
const { refused } = alone ? await compile(layer, [], files) : whole;

const expected = Object.keys(sown.forbidden).sort();
const problems = [
  output,
  ...expected
    .filter((name) => !refused.includes(name))
    .map((name) => `${layer.config} lets through what the layer may not see: ${name}`),
  ...refused
    .filter((name) => !expected.includes(name))
    .map((name) => `${layer.config} refuses what the layer may see: ${name}`),
].filter((text) => text !== "");
if (problems.length > 0) console.log(problems.join("\n"));
process.exit(problems.length === 0 ? 0 : 1);
