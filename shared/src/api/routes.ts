import type { z } from "zod";
import { stateRequest } from "./agent-state.js";
import { done, type ErrorCode } from "./answers.js";
import { command, placeCall } from "./calls.js";
import { desktop, streamEvent } from "./desktop.js";
import {
  agentList,
  dialNumberList,
  entryPointList,
  expertList,
  numberCheck,
  presenceReport,
  queueList,
} from "./directory.js";
import { session, signInRequest } from "./session.js";
import { draftWrapUp, submitWrapUp } from "./wrap-ups.js";
import { history, historyQuery } from "./history.js";

/** One route of the API: what the server checks against, and what OpenAPI says, from one source. */
export interface Route {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  readonly path: string; // with {parameters}, as OpenAPI writes them
  readonly summary: string;
  readonly signedIn: boolean;
  /** For another system, with the site's integration token as bearer (RFC 6750). */
  readonly integration?: true;
  readonly body?: z.ZodType;
  readonly query?: z.ZodObject;
  readonly response: z.ZodType;
  readonly status: number;
  readonly errors: readonly ErrorCode[];
}

/** Every route under the page's origin. */
export const routes = {
  signIn: {
    method: "post",
    path: "/api/session",
    summary: "Sign in with a station; sets the session cookie",
    signedIn: false,
    body: signInRequest,
    response: session,
    status: 201,
    errors: ["bad-request", "bad-credentials", "already-signed-in", "too-many-requests"],
  },
  session: {
    method: "get",
    path: "/api/session",
    summary: "The session of the cookie, for a page that was loaded again",
    signedIn: true,
    response: session,
    status: 200,
    errors: ["not-signed-in"],
  },
  signOut: {
    method: "delete",
    path: "/api/session",
    summary: "Sign out; refused during a call",
    signedIn: true,
    response: done,
    status: 200,
    errors: ["not-signed-in", "in-a-call", "csrf"],
  },
  desktop: {
    method: "get",
    path: "/api/desktop",
    summary: "What the desktop shows now",
    signedIn: true,
    response: desktop,
    status: 200,
    errors: ["not-signed-in"],
  },
  events: {
    method: "get",
    path: "/api/events",
    summary: "Server-sent events: the desktop whenever it changed, and notices; resumes with Last-Event-ID",
    signedIn: true,
    response: streamEvent,
    status: 200,
    errors: ["not-signed-in"],
  },
  setState: {
    method: "post",
    path: "/api/agent/state",
    summary: "Go Available or Idle",
    signedIn: true,
    body: stateRequest,
    response: done,
    status: 200,
    errors: ["bad-request", "not-signed-in", "in-a-call", "no-station", "csrf"],
  },
  agents: {
    method: "get",
    path: "/api/directory/agents",
    summary: "Colleagues with their states (DF-3)",
    signedIn: true,
    response: agentList,
    status: 200,
    errors: ["not-signed-in"],
  },
  queues: {
    method: "get",
    path: "/api/directory/queues",
    summary: "Queues with how busy they are (DF-2)",
    signedIn: true,
    response: queueList,
    status: 200,
    errors: ["not-signed-in"],
  },
  entryPoints: {
    method: "get",
    path: "/api/directory/entry-points",
    summary: "Entry points with the queues they lead to (DF-2)",
    signedIn: true,
    response: entryPointList,
    status: 200,
    errors: ["not-signed-in"],
  },
  experts: {
    method: "get",
    path: "/api/directory/experts",
    summary: "Experts by first name, role, department or whole number: ?search= (DF-4)",
    signedIn: true,
    response: expertList,
    status: 200,
    errors: ["not-signed-in"],
  },
  expertPresence: {
    method: "put",
    path: "/api/directory/experts/{expert}/presence",
    summary: "How an expert is, told by the system they work with (DF-4)",
    signedIn: false,
    integration: true,
    body: presenceReport,
    response: done,
    status: 200,
    errors: ["bad-request", "bad-credentials", "not-found", "too-many-requests"],
  },
  dialNumbers: {
    method: "get",
    path: "/api/directory/dial-numbers",
    summary: "The numbers the site keeps at hand (DF-2)",
    signedIn: true,
    response: dialNumberList,
    status: 200,
    errors: ["not-signed-in"],
  },
  checkNumber: {
    method: "get",
    path: "/api/directory/number",
    summary: "What a typed number would be dialled as, or what is wrong with it: ?typed= (DN-1 to DN-5)",
    signedIn: true,
    response: numberCheck,
    status: 200,
    errors: ["not-signed-in"],
  },
  placeCall: {
    method: "post",
    path: "/api/calls",
    summary: "Call somebody from a desk phone (OB-1, IN-1); answered when the phone is being called",
    signedIn: true,
    body: placeCall,
    response: done,
    status: 200,
    errors: [
      "bad-request",
      "not-signed-in",
      "csrf",
      "in-a-call",
      "no-station",
      "target-not-reachable",
      "number-not-possible",
      "calling-not-allowed",
      "too-many-calls",
      "no-trunk",
      "unavailable",
    ],
  },
  command: {
    method: "post",
    path: "/api/interactions/{interaction}/commands",
    summary: "Act on a call; answered when it is done or refused",
    signedIn: true,
    body: command,
    response: done,
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
      "number-not-possible",
      "calling-not-allowed",
      "too-many-calls",
      "no-trunk",
      "transfer-declined",
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
    body: submitWrapUp,
    response: done,
    status: 200,
    errors: ["bad-request", "not-signed-in", "csrf", "not-found", "not-yours", "already-submitted"],
  },
  draftWrapUp: {
    method: "put",
    path: "/api/wrap-ups/{wrapUp}/draft",
    summary: "Keep what is chosen and typed so far: submitted when the countdown is over; stored before the answer",
    signedIn: true,
    body: draftWrapUp,
    response: done,
    status: 200,
    errors: ["bad-request", "not-signed-in", "csrf", "not-found", "not-yours"],
  },
  cancelAutoWrapUp: {
    method: "delete",
    path: "/api/wrap-ups/{wrapUp}/auto",
    summary: "Stop the auto-wrap-up countdown, where the site allows it",
    signedIn: true,
    response: done,
    status: 200,
    errors: ["not-signed-in", "csrf", "not-found", "not-yours", "already-submitted", "forbidden"],
  },
  history: {
    method: "get",
    path: "/api/history",
    summary: "The agent's own calls that have ended, newest first: today's unless `from` and `to` say otherwise",
    signedIn: true,
    query: historyQuery,
    response: history,
    status: 200,
    errors: ["bad-request", "not-signed-in"],
  },
  demoCall: {
    method: "post",
    path: "/api/demo/call",
    summary: "Let the demo customer call in",
    signedIn: true,
    response: done,
    status: 200,
    errors: ["not-signed-in", "csrf", "too-many-requests", "unavailable"],
  },
} as const satisfies Record<string, Route>;
