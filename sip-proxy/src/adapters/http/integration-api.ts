import { createHash, timingSafeEqual } from "node:crypto";
import { Router, type Request } from "express";
import { presenceReport, routes } from "@legwork/shared/api";
import type { SiteDirectory } from "../../app/site-directory.js";
import type { Log } from "../../ports/log.js";
import type { Metrics } from "../../ports/metrics.js";
import { sendError } from "./errors.js";
import { perMinute } from "./per-minute.js";
import { valid } from "./valid.js";

export interface IntegrationDeps {
  readonly siteDirectory: Pick<SiteDirectory, "tell">;
  /** Null: no other system may tell us anything. */
  readonly integrationToken: string | null;
  readonly metrics: Pick<Metrics, "expertPresence">;
  readonly log: Log;
}

/** Per address: every expert of a large house a few times a minute. */
const REPORTS_PER_MINUTE = 1_200;

/** What other systems tell us, each request with the site's token as bearer (RFC 6750). No cookie, so no CSRF token. */
export function integrationRouter({ integrationToken, log, metrics, siteDirectory }: IntegrationDeps): Router {
  const router = Router();
  router.put("/api/directory/experts/:expert/presence", perMinute(REPORTS_PER_MINUTE), (req, res) => {
    if (!bears(req, integrationToken)) {
      metrics.expertPresence("refused");
      log.warn({ address: req.ip }, "somebody without the integration token told a presence");
      res.set("WWW-Authenticate", "Bearer");
      return sendError(res, "bad-credentials", { message: "The integration token is missing or wrong" });
    }
    const report = valid(presenceReport, req.body, res);
    if (!report) return metrics.expertPresence("refused");
    const told = siteDirectory.tell(String(req.params["expert"]), report);
    metrics.expertPresence(told === "told" || told === "late" ? told : "refused");
    if (told === "not-found") return sendError(res, "not-found");
    if (told === "in-the-future") return sendError(res, "bad-request", { message: "`at` is in the future" });
    res.status(routes.expertPresence.status).json({ ok: true });
  });
  return router;
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Compared in the same time, however much of it is right. */
function bears(req: Request, token: string | null): boolean {
  const sent = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(req.get("Authorization") ?? "")?.[1];
  return token !== null && sent !== undefined && timingSafeEqual(digest(sent), digest(token));
}
