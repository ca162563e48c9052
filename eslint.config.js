import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";
import { IMPURE_GLOBALS, layers, PURE_FOLDERS } from "./scripts/lint/layers.mjs";

const TYPESCRIPT = ["**/*.ts", "**/*.tsx"];
const TESTS = ["**/*.test.ts", "**/*.test.tsx", "**/*.e2e.ts", "*/test/**"];
const SOURCES = ["*/src/**/*.ts", "*/src/**/*.tsx"];

const unused = { argsIgnorePattern: "^_", varsIgnorePattern: "^_", caughtErrorsIgnorePattern: "^_" };

// Rules that need types, chosen for the bugs they find: a promise nobody waits for, a union that grew.
const typed = {
  "@typescript-eslint/await-thenable": "error",
  "@typescript-eslint/no-floating-promises": "error",
  "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
  "@typescript-eslint/only-throw-error": "error",
  "@typescript-eslint/prefer-promise-reject-errors": "error",
  "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
};

const environment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: "The environment is read once, in main.ts, through loadConfig(env).",
};
const presentDate = {
  selector: "NewExpression[callee.name='Date'][arguments.length=0]",
  message: "Pure folders take the time as an input.",
};

export default defineConfig(
  { ignores: ["**/dist/", "**/node_modules/", "**/coverage/", ".legwork/", "media-worker/", "**/*.wasm", "**/out/"] },
  js.configs.recommended,
  {
    plugins: { legwork: layers },
    rules: {
      "legwork/layers": "error",
      "max-lines": ["error", { max: 500 }],
      "no-unused-vars": ["error", unused],
      eqeqeq: ["error", "smart"],
      "prefer-const": "error",
      "no-warning-comments": ["error", { terms: ["todo", "fixme", "xxx", "hack"], location: "start" }],
    },
  },
  {
    files: ["**/*.js", "**/*.mjs", "**/*.cjs"],
    languageOptions: { globals: nodeGlobals() },
  },
  {
    files: TYPESCRIPT,
    extends: [tseslint.configs.recommended],
    rules: {
      "no-unused-vars": "off",
      "@typescript-eslint/no-unused-vars": ["error", unused],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/ban-ts-comment": [
        "error",
        { "ts-expect-error": true, "ts-ignore": true, "ts-nocheck": true },
      ],
      "@typescript-eslint/consistent-type-imports": [
        "error",
        { fixStyle: "inline-type-imports", disallowTypeAnnotations: false },
      ],
    },
  },
  {
    files: SOURCES,
    ignores: TESTS,
    languageOptions: { parserOptions: { projectService: true } },
    rules: typed,
  },
  {
    files: ["softphone/src/**/*.tsx", "softphone/src/**/*.ts"],
    plugins: { "react-hooks": reactHooks },
    rules: { "react-hooks/rules-of-hooks": "error", "react-hooks/exhaustive-deps": "error" },
  },
  {
    files: SOURCES,
    ignores: [...TESTS, "e2e/**", "**/config.ts", "**/main.ts", "**/main.tsx"],
    rules: {
      "no-restricted-syntax": ["error", environment],
    },
  },
  {
    files: PURE_FOLDERS.map((folder) => `${folder}/**/*.ts`),
    ignores: TESTS,
    rules: {
      "no-restricted-globals": [
        "error",
        ...IMPURE_GLOBALS.map((name) => ({
          name,
          message: "Pure folders decide; the shell has the clock and the world.",
        })),
      ],
      "no-restricted-properties": [
        "error",
        { object: "Math", property: "random", message: "Pure folders take chance as an input." },
        { object: "Date", property: "now", message: "Pure folders take the time as an input." },
      ],
      "no-restricted-syntax": ["error", environment, presentDate],
    },
  },
);

/** The globals of Node 20 that the scripts use. */
function nodeGlobals() {
  const names = ["process", "console", "Buffer", "URL", "URLSearchParams", "setTimeout", "clearTimeout", "setInterval"];
  const more = [
    "clearInterval",
    "setImmediate",
    "fetch",
    "AbortSignal",
    "AbortController",
    "TextDecoder",
    "TextEncoder",
    "document", // in functions that a browser runs
    "window",
  ];
  return Object.fromEntries([...names, ...more, "performance", "globalThis"].map((name) => [name, "readonly"]));
}
