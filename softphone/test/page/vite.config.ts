import { defineConfig } from "vite";

/** The user agent on a page of its own, for the integration tests. */
export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  logLevel: "warn",
  build: { outDir: "../../dist/test-page", emptyOutDir: true, target: "es2022", modulePreload: { polyfill: false } },
});
