export * from "./schemas.js";
export * from "./history.js";
export * from "./admin-schemas.js";
export { adminRoutes } from "./admin-routes.js";
export { routes, type Route } from "./routes.js";
export { openApi } from "./openapi.js";
