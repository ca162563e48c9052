import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Every screen of the desktop from sample states, for looking at while developing. Never part of the product's page. */
export default defineConfig({
  base: "/",
  plugins: [react()],
  build: { outDir: "dist/gallery", target: "es2022", rollupOptions: { input: "gallery.html" } },
});
