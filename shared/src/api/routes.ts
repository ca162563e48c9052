import type { z } from "zod";
import * as s from "./schemas.js";

/** One route of the API: what the server checks against, and what OpenAPI says, from one source. */
export interface Route {
  readonly method: "get" | "post" | "delete";
  readonly path: string; // with {parameters}, as OpenAPI writes them
  readonly summary: string;
  readonly signedIn: boolean;
  readonly body?: z.ZodType;
  readonly response: z.ZodType;
  readonly status: number;
  readonly errors: readonly s.ErrorCode[];
}

/** Every route under the page's origin. */
export const routes = {
  signIn: {
    method: "post",
    path: "/api/session",
    summary: "Sign in with a station; sets the session cookie",
    signedIn: false,
    body: s.signInRequest,
    response: s.session,
    status: 201,
    errors: ["bad-request", "bad-credentials", "already-signed-in", "too-many-requests"],
  },
  session: {
    method: "get",
    path: "/api/session",
    summary: "The session of the cookie, for a page that was loaded again",
    signedIn: true,
    response: s.session,
    status: 200,
    errors: ["not-signed-in"],
  },
  signOut: {
    method: "delete",
    path: "/api/session",
    summary: "Sign out; refused during a call",
    signedIn: true,
    response: s.done,
    status: 200,
    errors: ["not-signed-in", "in-a-call", "csrf"],
  },
  desktop: {
    method: "get",
    path: "/api/desktop",
    summary: "What the desktop shows now",
    signedIn: true,
    response: s.desktop,
    status: 200,
    errors: ["not-signed-in"],
  },
  events: {
    method: "get",
    path: "/api/events",
    summary: "Server-sent events: the desktop whenever it changed, and notices; resumes with Last-Event-ID",
    signedIn: true,
    response: s.streamEvent,
    status: 200,
    errors: ["not-signed-in"],
  },
  setState: {
    method: "post",
    path: "/api/agent/state",
    summary: "Go Available or Idle",
    signedIn: true,
    body: s.stateRequest,
    response: s.done,
    status: 200,
    errors: ["bad-request", "not-signed-in", "in-a-call", "no-station", "csrf"],
  },
  agents: {
    method: "get",
    path: "/api/directory/agents",
    summary: "Colleagues with their states (DF-3)",
    signedIn: true,
    response: s.agentList,
    status: 200,
    errors: ["not-signed-in"],
  },
  queues: {
    method: "get",
    path: "/api/directory/queues",
    summary: "Queues with how busy they are (DF-2)",
    signedIn: true,
    response: s.queueList,
    status: 200,
    errors: ["not-signed-in"],
  },
  entryPoints: {
    method: "get",
    path: "/api/directory/entry-points",
    summary: "Entry points with the queues they lead to (DF-2)",
    signedIn: true,
    response: s.entryPointList,
    status: 200,
    errors: ["not-signed-in"],
  },
  command: {
    method: "post",
    path: "/api/interactions/{interaction}/commands",
    summary: "Act on a call; answered when it is done or refused",
    signedIn: true,
    body: s.command,
    response: s.done,
    status: 200,
    errors: [
      "bad-request",
      "not-signed-in",
      "csrf",
      "not-owner",
      "not-yours",
      "not-found",
      "not-in-this-phase",
      "target-not-answered",
      "target-not-reachable",
      "in-conference",
      "busy-with-request",
      "hold-failed",
      "media-failed",
    ],
  },
  submitWrapUp: {
    method: "post",
    path: "/api/wrap-ups/{wrapUp}",
    summary: "Submit a wrap-up: stored before the answer",
    signedIn: true,
    body: s.submitWrapUp,
    response: s.done,
    status: 200,
    errors: ["bad-request", "not-signed-in", "csrf", "not-found", "not-yours", "already-submitted"],
  },
  cancelAutoWrapUp: {
    method: "delete",
    path: "/api/wrap-ups/{wrapUp}/auto",
    summary: "Stop the auto-wrap-up countdown, where the site allows it",
    signedIn: true,
    response: s.done,
    status: 200,
    errors: ["not-signed-in", "csrf", "not-found", "not-yours", "already-submitted", "forbidden"],
  },
  demoCall: {
    method: "post",
    path: "/api/demo/call",
    summary: "Let the demo customer call in",
    signedIn: true,
    response: s.done,
    status: 200,
    errors: ["not-signed-in", "csrf", "too-many-requests", "unavailable"],
  },
} as const satisfies Record<string, Route>;
