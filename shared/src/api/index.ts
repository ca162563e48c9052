export * from "./schemas.js";
export { routes, type Route } from "./routes.js";
export { openApi } from "./openapi.js";
