import { Router, json, type Request, type RequestHandler, type Response } from "express";
import {
  command,
  draftWrapUp,
  historyQuery,
  openApi,
  placeCall,
  routes,
  signInRequest,
  stateRequest,
  submitWrapUp,
  type ErrorCode,
} from "@legwork/shared/api";
import type { Administration } from "../../app/administration.js";
import type { CallHistory } from "../../app/call-history.js";
import type { Desk } from "../../app/desk.js";
import type { Desktops } from "../../app/desktops.js";
import type { Sessions } from "../../app/sessions.js";
import { adminRouter } from "./admin-api.js";
import { logRefusals, sendError } from "./errors.js";
import { openEventStream } from "./event-stream.js";
import { integrationRouter, type IntegrationDeps } from "./integration-api.js";
import { requireSession, sessionView, setCookie, type SignedIn } from "./sessions-http.js";
import { valid } from "./valid.js";

export interface ApiDeps extends IntegrationDeps {
  readonly sessions: Sessions;
  readonly desk: Desk;
  readonly desktops: Desktops;
  readonly administration: Administration;
  readonly history: Pick<CallHistory, "of">;
  readonly domain: string;
  readonly secureCookies: boolean;
}

/** Longer than any name or number that is searched for. */
const MAX_QUERY = 128;

/** The desktop API: `routes` of the shared contract, one handler each. */
export function apiRouter(deps: ApiDeps): Router {
  const router = Router();
  router.use("/api", logRefusals(deps.log));
  router.use(json({ limit: "32kb" }));
  router.get("/api/openapi.json", (_req, res) => void res.json(openApi()));
  router.post(routes.signIn.path, signIn(deps));
  router.use(integrationRouter(deps));
  router.use("/api", requireSession(deps.sessions));
  signedInRoutes(router, deps);
  router.use(adminRouter(deps.administration));
  router.use("/api", (_req, res) => sendError(res, "not-found"));
  return router;
}

function signIn({ sessions, domain, secureCookies }: ApiDeps): RequestHandler {
  return async (req, res) => {
    const body = valid(signInRequest, req.body, res);
    if (!body) return;
    const outcome = await sessions.signIn({ ...body, address: req.ip ?? "" });
    if (!outcome.ok) {
      if (outcome.waitMs !== undefined) res.set("Retry-After", String(Math.ceil(outcome.waitMs / 1000)));
      return sendError(res, outcome.why);
    }
    setCookie(res, outcome.session, secureCookies);
    res.status(routes.signIn.status).json(sessionView(outcome.session, domain));
  };
}

function signedInRoutes(router: Router, deps: ApiDeps): void {
  const { desk, desktops, domain, secureCookies, sessions } = deps;
  const path = (p: string): string => p.replace(/\{(\w+)\}/g, ":$1");
  router.get(routes.session.path, (req, res) => void res.json(sessionView(session(req), domain)));
  router.delete(routes.signOut.path, async (req, res) => {
    if (!(await sessions.signOut(session(req)))) return sendError(res, "in-a-call");
    setCookie(res, null, secureCookies);
    res.json({ ok: true });
  });
  router.get(routes.desktop.path, (req, res) => void res.json(desk.desktop(agent(req))));
  router.get(routes.events.path, (req, res) => {
    res.once("close", sessions.opened(session(req)));
    openEventStream(req, res, agent(req), desktops);
  });
  router.get(routes.agents.path, (req, res) => void res.json(desk.colleagues(agent(req))));
  router.get(routes.queues.path, (_req, res) => void res.json(desk.queues()));
  router.get(routes.entryPoints.path, (_req, res) => void res.json(desk.entryPoints()));
  router.get(routes.experts.path, (req, res) => void res.json(desk.experts(query(req, "search"))));
  router.get(routes.dialNumbers.path, (_req, res) => void res.json(desk.dialNumbers()));
  router.get(routes.checkNumber.path, (req, res) => void res.json(desk.checkNumber(query(req, "typed"))));
  router.post(routes.placeCall.path, (req, res) => {
    const body = valid(placeCall, req.body, res);
    if (body) answer(res, desk.placeCall(agent(req), body.target));
  });
  router.post(routes.setState.path, (req, res) => {
    const body = valid(stateRequest, req.body, res);
    if (body) answer(res, desk.choose(agent(req), body));
  });
  router.post(path(routes.command.path), async (req, res) => {
    const body = valid(command, req.body, res);
    res.locals["command"] = body?.type;
    if (body) answer(res, await desk.command(agent(req), param(req, "interaction"), body));
  });
  router.post(path(routes.submitWrapUp.path), async (req, res) => {
    const body = valid(submitWrapUp, req.body, res);
    if (body) answer(res, await desk.submitWrapUp(agent(req), param(req, "wrapUp"), body.reason, body.note));
  });
  router.put(path(routes.draftWrapUp.path), async (req, res) => {
    const body = valid(draftWrapUp, req.body, res);
    if (body) answer(res, await desk.draftWrapUp(agent(req), param(req, "wrapUp"), body.reason, body.note));
  });
  router.delete(path(routes.cancelAutoWrapUp.path), (req, res) =>
    answer(res, desk.cancelAutoWrapUp(agent(req), param(req, "wrapUp"))),
  );
  router.get(routes.history.path, async (req, res) => {
    const asked = valid(historyQuery, req.query, res);
    if (asked) res.json(await deps.history.of(agent(req), asked));
  });
  router.post(routes.demoCall.path, async (_req, res) => answer(res, await desk.demoCall()));
}

const session = (req: Request) => (req as SignedIn).session;
const agent = (req: Request) => session(req).agent.id;
const param = (req: Request, name: string): string => String(req.params[name]);

/** A parameter of the query; empty when it is missing, or there more than once. */
const query = (req: Request, name: string): string => {
  const value = req.query[name];
  return typeof value === "string" ? value.slice(0, MAX_QUERY) : "";
};

const answer = (res: Response, refused: ErrorCode | null): void =>
  refused ? sendError(res, refused) : void res.json({ ok: true });
