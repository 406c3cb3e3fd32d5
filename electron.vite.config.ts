import { fileURLToPath } from "node:url";
import { defineConfig } from "electron-vite";

/**
 * Packages with machine code stay packages, unpacked beside the archive (electron-builder.yml); everything else is
 * built in, so that the archive holds no other node_modules.
 */
const native = ["better-sqlite3", "@node-rs/argon2", "@napi-rs/keyring"];
// Written as addresses beside this file, so that what looks for unused files sees that these are used.
const entries = {
  main: fileURLToPath(new URL("./src-main/electron/main.ts", import.meta.url)),
  engine: fileURLToPath(new URL("./src-main/electron/engine-process.ts", import.meta.url)),
  careThread: fileURLToPath(new URL("./src-main/engine/care/thread.ts", import.meta.url)),
  preload: fileURLToPath(new URL("./src-preload/index.ts", import.meta.url)),
};

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
          index: entries.main,
          engine: entries.engine,
          // A thread's program is a file of its own, which the engine starts by name.
          "care-thread": entries.careThread,
        },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: entries.preload },
        // A sandboxed window loads its preload as CommonJS, whatever package.json says of the rest.
        output: { format: "cjs", entryFileNames: "[name].cjs" },
      },
    },
  },
});
