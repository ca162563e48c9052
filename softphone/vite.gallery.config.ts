import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { scopedCss } from "./scope-css.js";

/** Every screen of the desktop from sample states, for looking at while developing. Never part of the product's page. */
export default defineConfig({
  base: "/",
  plugins: [react()],
  css: scopedCss,
  build: { outDir: "dist/gallery", target: "es2022", rollupOptions: { input: "gallery.html" } },
});
