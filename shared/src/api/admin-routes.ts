import { z } from "zod";
import { adminKinds, auditLog, auditQuery, type AdminKind } from "./admin-schemas.js";
import { eventLog, interactionList, interactionsQuery } from "./event-log.js";
import type { Route } from "./routes.js";
import { done, type ErrorCode } from "./answers.js";

const ADMIN: readonly ErrorCode[] = ["not-signed-in", "forbidden"];
const CHANGE: readonly ErrorCode[] = [...ADMIN, "csrf", "bad-request"];

/** GET and POST for the list of a kind, PATCH and DELETE for one of it. */
function routesOf(kind: AdminKind): Record<string, Route> {
  const { path, one, many, add, change, view } = adminKinds[kind];
  const list = `/api/admin/${path}`;
  const common = { signedIn: true, status: 200 } as const;
  return {
    [`${kind}List`]: {
      ...common,
      method: "get",
      path: list,
      summary: `All ${many}`,
      response: z.object({ [kind]: z.array(view) }),
      errors: ADMIN,
    },
    [`${kind}Add`]: {
      ...common,
      method: "post",
      path: list,
      summary: `Add ${one}`,
      body: add,
      response: view,
      status: 201,
      errors: CHANGE,
    },
    [`${kind}Change`]: {
      ...common,
      method: "patch",
      path: `${list}/{id}`,
      summary: `Change ${one}: what is not sent stays as it is`,
      body: change,
      response: view,
      errors: [...CHANGE, "not-found"],
    },
    [`${kind}Remove`]: {
      ...common,
      method: "delete",
      path: `${list}/{id}`,
      summary: `Remove ${one}`,
      response: done,
      errors: [...CHANGE, "not-found"],
    },
  };
}

/** DI-1: for agents with the role admin; everybody else gets `forbidden`. */
export const adminRoutes: Readonly<Record<string, Route>> = {
  ...Object.assign({}, ...(Object.keys(adminKinds) as AdminKind[]).map(routesOf)),
  auditLog: {
    method: "get",
    path: "/api/admin/audit",
    summary: "Who changed what, who signed in and out; the newest first",
    signedIn: true,
    query: auditQuery,
    response: auditLog,
    status: 200,
    errors: [...ADMIN, "bad-request"],
  },
  interactionList: {
    method: "get",
    path: "/api/admin/interactions",
    summary: "All interactions; the newest first",
    signedIn: true,
    query: interactionsQuery,
    response: interactionList,
    status: 200,
    errors: [...ADMIN, "bad-request"],
  },
  eventLog: {
    method: "get",
    path: "/api/admin/interactions/{interaction}/events",
    summary: "All that happened in an interaction, as the rules were told of it",
    signedIn: true,
    response: eventLog,
    status: 200,
    errors: [...ADMIN, "not-found"],
  },
};
