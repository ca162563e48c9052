import path from "node:path";
import { defineConfig } from "vite";

const PANEL = path.join(import.meta.dirname, "dist/panel");

/** The example of a page that hosts the panel, beside the product's page: /example/. */
export default defineConfig({
  root: "example",
  base: "/example/",
  publicDir: false,
  resolve: {
    alias: [
      { find: /^legwork-call-panel$/, replacement: path.join(PANEL, "legwork-panel.js") },
      { find: /^legwork-call-panel\//, replacement: `${PANEL}/` },
    ],
  },
  build: {
    outDir: "../dist/page/example",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
