import { resolve } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// No inline scripts or styles anywhere: the page is served under a policy that allows neither.
export default defineConfig({
  root: resolve(import.meta.dirname, "staff"),
  base: "./",
  plugins: [react()],
  build: {
    outDir: resolve(import.meta.dirname, "../out/renderer"),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2024",
  },
});
