/**
 * The desktop API: what the page sends and gets. OpenAPI is made from these same schemas (`openapi.ts`), and the server validates with them.
 * Times are ISO 8601 in UTC. Every error body is `apiError`.
 */
export * from "./answers.js";
export * from "./session.js";
export * from "./agent-state.js";
export * from "./calls.js";
export * from "./wrap-ups.js";
export * from "./desktop.js";
export * from "./directory.js";
export * from "./history.js";
export * from "./admin-schemas.js";
export * from "./event-log.js";
export { adminRoutes } from "./admin-routes.js";
export { routes, type Route } from "./routes.js";
export { openApi } from "./openapi.js";
