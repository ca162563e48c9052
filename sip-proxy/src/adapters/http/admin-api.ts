import { Router, type Request, type Response } from "express";
import { adminKinds, auditQuery, interactionsQuery, type AdminKind, type Mistake } from "@legwork/shared/api";
import type { AgentId } from "@legwork/shared/ids";
import type { z } from "zod";
import type { Administered, Administration } from "../../app/administration.js";
import { sendError } from "./errors.js";
import type { SignedIn } from "./sessions-http.js";
import { valid } from "./valid.js";

/** The administration API (DI-1): `adminRoutes` of the shared contract, for signed-in administrators. */
export function adminRouter(administration: Administration): Router {
  const router = Router();
  router.use("/api/admin", (req, res, next) => {
    if (administration.isOpenTo(agent(req))) return next();
    sendError(res, "forbidden");
  });
  for (const kind of Object.keys(adminKinds) as AdminKind[]) kindRoutes(router, administration, kind);
  router.get("/api/admin/audit", async (req, res) => {
    const query = valid(auditQuery, req.query, res, byPlace);
    if (query) res.json(await administration.auditLog(query.before ?? null, query.limit));
  });
  router.get("/api/admin/interactions", async (req, res) => {
    const query = valid(interactionsQuery, req.query, res, byPlace);
    if (query) res.json(await administration.interactions(query.before ?? null, query.limit));
  });
  router.get("/api/admin/interactions/:interaction/events", async (req, res) => {
    const log = await administration.eventLog(req.params.interaction);
    if (log) res.json(log);
    else sendError(res, "not-found");
  });
  return router;
}

function kindRoutes(router: Router, administration: Administration, kind: AdminKind): void {
  const { path, add, change } = adminKinds[kind];
  const list = `/api/admin/${path}`;
  router.get(list, (_req, res) => void res.json({ [kind]: administration.list(kind) }));
  router.post(list, async (req, res) => {
    const body = valid(add, req.body, res, byPlace);
    if (body) answer(res, 201, await administration.add(agent(req), kind, body));
  });
  router.patch(`${list}/:id`, async (req, res) => {
    const body = valid(change, req.body, res, byPlace);
    if (body) answer(res, 200, await administration.change(agent(req), kind, req.params.id, body));
  });
  router.delete(`${list}/:id`, async (req, res) => {
    const outcome = await administration.remove(agent(req), kind, req.params.id);
    answer(res, 200, outcome.ok ? { ok: true, value: { ok: true } } : outcome);
  });
}

const agent = (req: Request): AgentId => (req as SignedIn).session.agent.id;

function answer(res: Response, status: number, outcome: Administered<object>): void {
  if (outcome.ok) return void res.status(status).json(outcome.value);
  if (typeof outcome.mistakes === "string") return sendError(res, outcome.mistakes);
  sendMistakes(res, outcome.mistakes);
}

/** A form shows each mistake where it was made. */
function byPlace(res: Response, { issues }: z.ZodError): void {
  const place = (key: PropertyKey): string | number => (typeof key === "symbol" ? String(key) : key);
  sendMistakes(
    res,
    issues.map(({ path, message }) => ({ path: path.map(place), message })),
  );
}

const sendMistakes = (res: Response, mistakes: readonly Mistake[]): void =>
  sendError(res, "bad-request", { mistakes: [...mistakes] });
