import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { scopedCss } from "./scope-css.js";
import { thirdPartyLicenses } from "./third-party-licenses.js";

/** The call panel as a module for pages of others: what is seen, and SIP.js, are chunks that are loaded when they are needed. */
export default defineConfig({
  plugins: [react()],
  css: scopedCss,
  publicDir: false,
  define: { "process.env.NODE_ENV": JSON.stringify("production") },
  build: {
    outDir: "dist/panel",
    license: thirdPartyLicenses,
    target: "es2022",
    lib: { entry: "src/package/index.ts", formats: ["es"], fileName: "legwork-panel", cssFileName: "legwork-panel" },
  },
});
