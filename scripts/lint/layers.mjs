// The dependency rules of the source tree, as one table and one ESLint rule that reads it.
//
//   domain <- app <- adapters <- main: imports point inwards only, each library lives in its one
//   adapter folder, and workspaces meet only in @legwork/shared.
import { builtinModules } from "node:module";
import path from "node:path";

/** Folders that decide and never touch the world: no Node, no I/O library, no clock, no chance, no console. */
export const PURE_FOLDERS = [
  "shared/src",
  "sip-proxy/src/domain",
  "sip-engine/src/core",
  "sip-engine/src/sip",
  "sip-engine/src/transaction",
  "sip-engine/src/dialog",
  "sip-engine/src/protocol",
  "sip-engine/src/proxy",
  "sip-engine/src/trace",
  "media-server/src/audio",
  "media-server/src/ports",
  "media-server/src/engine",
  "media-server/src/rtp",
  "media-server/src/sdp",
  "demo-customer/src/domain",
  "softphone/src/model",
];

/** Globals that make a function impure; pure folders may not name them. */
export const IMPURE_GLOBALS = [
  "setTimeout",
  "setInterval",
  "setImmediate",
  "queueMicrotask",
  "clearTimeout",
  "clearInterval",
  "console",
  "process",
  "fetch",
  "performance",
  "crypto",
  "window",
  "document",
  "localStorage",
  "navigator",
];

/** Where each library that touches the world may be imported; tests may use any. Libraries not listed are free. */
export const LIBRARY_HOMES = {
  "sip.js": ["softphone/src/ua"],
  "drachtio-srf": ["sip-proxy/src/adapters/srf", "demo-customer/src"],
  mediasoup: ["media-server/src/adapters"],
  "@evan/opus": ["media-server/src/adapters"],
  opusscript: ["media-server/src/adapters", "e2e/src"],
  "sdp-transform": ["media-server/src/sdp"],
  "prom-client": ["sip-proxy/src/adapters/metrics"],
  express: ["sip-proxy/src/adapters/http"],
  compression: ["sip-proxy/src/adapters/http"],
  "express-rate-limit": ["sip-proxy/src/adapters/http"],
  helmet: ["sip-proxy/src/adapters/http"],
  cookie: ["sip-proxy/src/adapters/http"],
  httpxy: ["sip-proxy/src/adapters/http"],
  kysely: ["sip-proxy/src/adapters/store"],
  pg: ["sip-proxy/src/adapters/store"],
  "@electric-sql/pglite": ["sip-proxy/src/adapters/store"],
  ws: ["sip-engine/src/adapters", "sip-engine/src/transport", "sip-proxy/src/adapters", "media-server/src/adapters"],
  pino: ["sip-engine/src", "sip-proxy/src", "media-server/src", "demo-customer/src"],
  react: ["softphone/src"],
  "react-dom": ["softphone/src"],
  "react-aria": ["softphone/src"],
  "react-aria-components": ["softphone/src"],
  "playwright-core": ["e2e/src"],
};

/** Libraries that no pure folder may import, wherever else they live. */
const IMPURE_LIBRARIES = new Set(
  Object.keys(LIBRARY_HOMES).filter((name) => !["sdp-transform", "cookie"].includes(name)),
);

/** Layers inside a workspace, innermost first, by the names that workspaces give them: a file may import its own layer and those before it. */
const LAYERS = [["domain", "audio", "engine", "rtp", "sdp"], ["ports"], ["app", "thread", "control"], ["adapters"]];
const rankOf = (layer) => LAYERS.findIndex((names) => names.includes(layer));

/** Workspaces that may import nothing of the others, not even the shared one. */
const ALONE = ["sip-engine", "e2e", "shared"];

const BUILTINS = new Set(builtinModules);
const isTest = (file) => /\.(test|e2e)\.tsx?$/.test(file) || /\/test\//.test(file);
const isProduct = (file) => /^[^/]+\/src\//.test(file);
const isInside = (file, folder) => file === folder || file.startsWith(`${folder}/`);
const packageOf = (specifier) =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

/** What a file is allowed to import is decided by its place: undefined if `specifier` is fine, else the complaint. */
export function complaint(file, specifier) {
  if (specifier.startsWith(".")) return relativeComplaint(file, path.posix.join(path.posix.dirname(file), specifier));
  const pure = PURE_FOLDERS.some((folder) => isInside(file, folder)) && !isTest(file);
  if (specifier.startsWith("node:") || BUILTINS.has(specifier)) {
    return pure ? `a pure folder does not import ${specifier}: take it through a port` : undefined;
  }
  return libraryComplaint(file, packageOf(specifier), pure);
}

function libraryComplaint(file, library, pure) {
  if (library.startsWith("@legwork/")) {
    if (ALONE.includes(file.split("/")[0])) return `${file.split("/")[0]} stands alone and imports no other workspace`;
    return library === "@legwork/shared" ? undefined : "workspaces meet only in @legwork/shared";
  }
  if (pure && IMPURE_LIBRARIES.has(library)) return `a pure folder does not import ${library}`;
  const homes = LIBRARY_HOMES[library];
  if (!homes || isTest(file) || !isProduct(file) || homes.some((home) => isInside(file, home))) return undefined;
  return `${library} is imported only in ${homes.join(", ")}`;
}

function relativeComplaint(file, target) {
  const [workspace, , layer, adapter] = file.split("/");
  if (!file.includes("/")) return undefined; // configuration at the root
  const [targetWorkspace, targetSource, targetLayer, targetAdapter] = target.split("/");
  if (file.startsWith("scripts/") || workspace === "e2e") {
    const product = !["e2e", "scripts"].includes(targetWorkspace) && target.includes("/");
    return product ? "tests from outside and set-up import nothing of the product" : undefined;
  }
  if (workspace !== targetWorkspace) return "workspaces meet only in @legwork/shared";
  if (isTest(file) || targetSource !== "src") return undefined;
  const own = rankOf(layer);
  const theirs = rankOf(targetLayer);
  if (own >= 0 && theirs > own) return `${layer}/ does not import ${targetLayer}/: imports point inwards`;
  const betweenAdapters =
    layer === "adapters" && targetLayer === "adapters" && isFolder(adapter) && isFolder(targetAdapter);
  if (betweenAdapters && adapter !== targetAdapter) return "an adapter does not import another adapter";
  return undefined;
}

// A file straight in adapters/ (a shared type, a table) belongs to no single adapter.
const isFolder = (name) => name !== undefined && !name.includes(".");

const rule = {
  meta: { type: "problem", docs: { description: "imports follow the layers of the source tree" }, schema: [] },
  create(context) {
    const file = path.relative(context.cwd, context.filename).split(path.sep).join("/");
    const check = (node) => {
      if (typeof node.source?.value !== "string") return;
      const message = complaint(file, node.source.value);
      if (message) context.report({ node: node.source, message });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};

/** The ESLint plugin: one rule, `legwork/layers`. */
export const layers = { rules: { layers: rule } };
