// Tests run as ES modules, like the product: node --experimental-vm-modules (see package.json).
const base = {
  testEnvironment: "node",
  extensionsToTreatAsEsm: [".ts", ".tsx"],
  transform: {
    "^.+\\.tsx?$": [
      "@swc/jest",
      {
        jsc: {
          target: "es2022",
          experimental: { keepImportAttributes: true },
          parser: { syntax: "typescript", tsx: true },
          transform: { react: { runtime: "automatic" } },
        },
        module: { type: "es6" },
      },
    ],
  },
  moduleNameMapper: {
    "^@legwork/shared/(.*)$": "<rootDir>/shared/src/$1/index.ts",
    "^(\\.{1,2}/.*)\\.js$": "$1",
    "^libphonenumber-js/max$": "<rootDir>/node_modules/libphonenumber-js/max/index.cjs", // its ES modules import JSON the old way
  },
  modulePathIgnorePatterns: ["<rootDir>/[^/]+/dist/"],
};

export default {
  projects: [
    {
      ...base,
      displayName: "unit",
      testMatch: [
        "<rootDir>/*/src/**/*.test.ts",
        "<rootDir>/*/src/**/*.test.tsx",
        "<rootDir>/*/test/*.test.ts",
        "<rootDir>/scripts/*.test.mjs",
        "<rootDir>/scripts/{lib,lint}/*.test.mjs",
      ],
    },
    {
      ...base,
      displayName: "integration",
      testMatch: [
        "<rootDir>/*/test/{integration,conformance}/**/*.test.ts",
        "<rootDir>/scripts/test/integration/*.test.mjs",
      ],
    },
    { ...base, displayName: "e2e", testMatch: ["<rootDir>/e2e/tests/**/*.e2e.ts"] },
    { ...base, displayName: "bench", testMatch: ["<rootDir>/e2e/bench/**/*.bench.ts"] },
  ],
};
