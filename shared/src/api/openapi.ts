import { z } from "zod";
import { adminRoutes } from "./admin-routes.js";
import { routes, type Route } from "./routes.js";
import { apiError } from "./answers.js";

const schemaOf = (schema: z.ZodType, io: "input" | "output") => z.toJSONSchema(schema, { io, target: "openapi-3.0" });
const json = (schema: z.ZodType, io: "input" | "output") => ({ "application/json": { schema: schemaOf(schema, io) } });

function operation(name: string, route: Route) {
  const parameters = [
    ...[...route.path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => ({
      name: parameter,
      in: "path",
      required: true,
      schema: { type: "string" },
    })),
    ...Object.entries(route.query?.shape ?? {}).map(([parameter, schema]) => ({
      name: parameter,
      in: "query",
      required: false,
      schema: schemaOf(schema, "output"),
    })),
  ];
  return {
    operationId: name,
    summary: route.summary,
    ...(route.signedIn && { security: [{ session: [] }] }),
    ...(route.integration && { security: [{ integration: [] }] }),
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && { requestBody: { required: true, content: json(route.body, "input") } }),
    responses: {
      [route.status]: { description: "Done", content: json(route.response, "output") },
      default: { description: `One of: ${route.errors.join(", ")}`, content: json(apiError, "output") },
    },
  };
}

/** The OpenAPI 3.0 description of the desktop API, made from the schemas that the server validates with. */
export function openApi(): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const [name, route] of Object.entries({ ...routes, ...adminRoutes })) {
    (paths[route.path] ??= {})[route.method] = operation(name, route);
  }
  return {
    openapi: "3.0.3",
    info: { title: "Legwork desktop API", version: "1" },
    paths,
    components: {
      securitySchemes: {
        session: { type: "apiKey", in: "cookie", name: "legwork" },
        integration: { type: "http", scheme: "bearer" },
      },
    },
  };
}
