import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { scopedCss } from "./scope-css.js";
import { thirdPartyLicenses } from "./third-party-licenses.js";

/** The page that sip-proxy serves. */
export default defineConfig({
  base: "/",
  plugins: [react()],
  css: scopedCss,
  build: {
    outDir: "dist/page",
    license: thirdPartyLicenses,
    target: "es2022",
    // A data: URL would need its own word in the Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
