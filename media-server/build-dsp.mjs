// Compiles dsp/dsp.ts (AssemblyScript) to dist/dsp.wasm. Without that file the server runs on the same filters in TypeScript.
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
mkdirSync(here("dist"), { recursive: true });
const options = [
  "--optimize",
  "--runtime",
  "stub",
  "--noAssert",
  "--enable",
  "simd",
  "--initialMemory",
  "16",
  "--maximumMemory",
  "16",
];
const { error, stderr } = await asc.main([
  here("dsp/dsp.ts"),
  "--outFile",
  here("dist/dsp.wasm"),
  "--baseDir",
  here("."),
  ...options,
]);
if (error) {
  console.error(stderr.toString());
  process.exit(1);
}
