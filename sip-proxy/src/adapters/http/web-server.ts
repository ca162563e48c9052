import compression from "compression";
import express, { type ErrorRequestHandler, type Express } from "express";
import helmet from "helmet";
import { proxyUpgrade } from "httpxy";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import type { Log } from "../../ports/log.js";
import { apiRouter, type ApiDeps } from "./api.js";
import { sendError } from "./errors.js";
import { isWell } from "./ops-server.js";
import { SessionSockets } from "./session-sockets.js";
import { sessionOf } from "./sessions-http.js";

export interface WebServerDeps extends ApiDeps {
  readonly pageDir: string | null;
  /** Reverse proxies whose X-Forwarded-For is believed. */
  readonly trustProxy: readonly string[];
  /** Where `/sip` leads: the SIP engine's WebSocket. */
  readonly sipWs: string;
  /** What this process cannot do without, and whether it is there. */
  health(): Readonly<Record<string, boolean>>;
}

/** Page, API and SIP WebSocket under one origin. */
export function createWebServer(deps: WebServerDeps): Server {
  const app = express();
  app.disable("x-powered-by");
  app.set("trust proxy", deps.trustProxy); // what `req.ip` is: in the audit log, and in the limits
  app.use(
    helmet({
      contentSecurityPolicy: {
        directives: {
          defaultSrc: ["'self'"],
          scriptSrc: ["'self'"],
          styleSrc: ["'self'", "'unsafe-inline'"], // positioned popovers set style attributes
          imgSrc: ["'self'", "data:"],
          connectSrc: ["'self'"],
          mediaSrc: ["'self'", "blob:"],
          objectSrc: ["'none'"],
          frameAncestors: ["'none'"],
          upgradeInsecureRequests: deps.secureCookies ? [] : null,
        },
      },
      strictTransportSecurity: deps.secureCookies,
    }),
  );
  app.get("/health", (_req, res) => {
    const ok = isWell(deps.health()); // what is missing is told operators only
    res.status(ok ? 200 : 503).json({ ok });
  });
  app.use(apiRouter(deps));
  if (deps.pageDir) servePage(app, deps.pageDir);
  app.use(onError(deps.log));
  const server = createServer(app);
  const sockets = new SessionSockets();
  deps.sessions.onEnded((session) => sockets.closeAll(session));
  server.on("upgrade", (req, socket, head) => upgrade(req, socket, head, deps, sockets));
  return server;
}

/** Compressed, unlike the API's answers: a secret beside what somebody else chose can be guessed from a compressed length. */
function servePage(app: Express, dir: string): void {
  app.use(compression());
  app.use(
    express.static(dir, {
      index: "index.html",
      setHeaders: (res, file) => {
        // Names of built assets carry a hash of their content; the page itself must be fresh.
        const asset = file.includes(`${join("/assets")}`);
        res.setHeader("Cache-Control", asset ? "public, max-age=31536000, immutable" : "no-cache");
      },
    }),
  );
}

const onError =
  (log: Log): ErrorRequestHandler =>
  (error: { status?: number; type?: string }, _req, res, next) => {
    if (res.headersSent) return next(error);
    if (error.status !== undefined && error.status < 500)
      return sendError(res, "bad-request", error.type === undefined ? {} : { message: error.type }, error.status);
    log.error({ error }, "a request failed");
    sendError(res, "internal");
  };

/** SIP over WebSocket (RFC 7118): only for a signed-in page of our own origin. */
function upgrade(
  req: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  deps: WebServerDeps,
  sockets: SessionSockets,
): void {
  const refuse = (status: string): void => void socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
  socket.on("error", () => socket.destroy());
  if (/^[^?]*/.exec(req.url ?? "")?.[0] !== "/sip") return refuse("404 Not Found");
  const { origin, host } = req.headers;
  if (origin !== undefined && hostOf(origin) !== host) return refuse("403 Forbidden");
  const session = sessionOf(req, deps.sessions);
  if (!session) return refuse("401 Unauthorized");
  sockets.add(session, socket);
  socket.once("close", deps.sessions.opened(session));
  proxyUpgrade(deps.sipWs.replace(/^ws/, "http"), req, socket, head).then(
    // The engine must learn at once that the page is gone, also when it was us who closed its socket.
    (engine) => void (socket.destroyed ? engine.destroy() : socket.once("close", () => engine.destroy())),
    (error: unknown) => deps.log.warn({ error }, "the SIP WebSocket cannot be reached"),
  );
}

/** Null for what is no URL: a header is anybody's text. */
const hostOf = (origin: string): string | null => (URL.canParse(origin) ? new URL(origin).host : null);
