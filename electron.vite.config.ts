import { resolve } from "node:path";
import { defineConfig } from "electron-vite";

/**
 * Packages with machine code stay packages, unpacked beside the archive (electron-builder.yml); everything else is
 * built in, so that the archive holds no other node_modules.
 */
const native = ["better-sqlite3", "@node-rs/argon2", "@napi-rs/keyring"];
const source = (path: string) => resolve(import.meta.dirname, path);

/**
 * The desktop app's main process, its engine and its preload. The page is the browser host's and is built by
 * `scripts/build.ts` with src-renderer/vite.config.ts; the app serves it from out/renderer.
 */
export default defineConfig({
  main: {
    define: {
      // Fixed when the app is built: the sites that links may lead to, separated by commas.
      "process.env.HOROPTER_OWN_HOSTS": JSON.stringify(process.env.HOROPTER_OWN_HOSTS ?? ""),
    },
    build: {
      externalizeDeps: false,
      rolldownOptions: {
        external: native,
        input: {
          index: source("src-main/electron/main.ts"),
          engine: source("src-main/electron/engine-process.ts"),
        },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: source("src-preload/index.ts") },
        // A sandboxed window loads its preload as CommonJS, whatever package.json says of the rest.
        output: { format: "cjs", entryFileNames: "[name].cjs" },
      },
    },
  },
});
