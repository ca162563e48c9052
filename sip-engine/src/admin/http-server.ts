import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { refusalOf } from "./http-guard.js";

/** What the endpoint shows, and what it can change. */
export interface Inspection {
  health(): { readonly ok: boolean; readonly detail: Record<string, unknown> };
  dump(): Record<string, unknown>;
  metrics(): string;
  readonly trace: Resource;
  readonly logLevel: Resource;
}

/** A path, or a path and all below it, with methods beyond GET. */
export interface Resource {
  /** Methods a path knows, for 405. */
  methods(path: string): readonly string[];
  answer(ask: Ask): Reply;
}

export interface Ask {
  readonly method: string;
  /** Without query. */
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
  /** Decoded JSON of a PUT, undefined otherwise. */
  readonly body: unknown;
  /** If-None-Match, or null. */
  readonly known: string | null;
}

export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string | Uint8Array;
  readonly tag?: string | null;
}

/** An order for a trace is some hundred bytes. */
const MOST_BODY = 16 * 1024;

/**
 * HTTP endpoint for health, metrics, debugging, traces and the log level. It has no passwords: bind it to loopback. Requests that a
 * web page of another origin could have caused are refused (403).
 */
export class HttpServer {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(at: { readonly host: string; readonly port: number }, inspection: Inspection): Promise<HttpServer> {
    const server = createServer({ requestTimeout: 10_000, maxHeaderSize: 8192 }, (request, response) => {
      const problem = refusalOf(request.headers, request.socket.localAddress ?? "");
      const answered = problem === null ? answer(request, inspection) : Promise.resolve(refuse(403, problem));
      answered.then(
        (reply) => send(response, request, reply),
        () => request.destroy(),
      );
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(at, () => {
        server.removeListener("error", reject);
        resolve();
      });
    });
    return new HttpServer(server);
  }

  get port(): number {
    const address = this.#server.address();
    return address !== null && typeof address === "object" ? address.port : 0;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
  }
}

async function answer(request: IncomingMessage, inspection: Inspection): Promise<Reply & { readonly allow?: string }> {
  const [path = "", query] = (request.url ?? "").split("?");
  const resource = resourceAt(path, inspection);
  if (resource === null) return refuse(404, "not found");
  const method = request.method ?? "";
  const methods = resource.methods(path);
  if (!methods.includes(method)) return { ...refuse(405, `only ${methods.join(", ")}`), allow: methods.join(", ") };
  const ask = {
    method,
    path,
    query: new Map(new URLSearchParams(query)),
    known: request.headers["if-none-match"] ?? null,
  };
  if (method !== "PUT") return resource.answer({ ...ask, body: undefined });
  const text = await readBody(request);
  if (text === null) return refuse(413, `at most ${MOST_BODY} bytes`);
  try {
    return resource.answer({ ...ask, body: JSON.parse(text) as unknown });
  } catch (error) {
    if (error instanceof SyntaxError) return refuse(400, "need JSON");
    throw error;
  }
}

function resourceAt(path: string, inspection: Inspection): Resource | null {
  if (/^\/trace(?:[/.]|$)/.test(path)) return inspection.trace;
  switch (path) {
    case "/health":
      return readOnly(() => {
        const { ok, detail } = inspection.health();
        return jsonReply(ok ? 200 : 503, { ok, ...detail });
      });
    case "/debug/dump":
      return readOnly(() => jsonReply(200, inspection.dump()));
    case "/metrics":
      return readOnly(() => ({ status: 200, type: "text/plain; version=0.0.4", body: inspection.metrics() }));
    case "/log-level":
      return inspection.logLevel;
    default:
      return null;
  }
}

function readOnly(show: () => Reply): Resource {
  return { methods: () => ["GET"], answer: show };
}

/** A value as JSON. */
export function jsonReply(status: number, value: unknown): Reply {
  return { status, type: "application/json", body: `${JSON.stringify(value)}\n` };
}

function refuse(status: number, error: string): Reply {
  return jsonReply(status, { error });
}

/** The body as text; null when it is too long: the rest is read and thrown away, so that the client gets to see the refusal. */
function readBody(request: IncomingMessage): Promise<string | null> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= MOST_BODY) chunks.push(chunk);
      else {
        chunks = [];
        resolve(null);
      }
    });
    request.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    request.on("error", reject);
  });
}

function send(response: ServerResponse, request: IncomingMessage, reply: Reply & { readonly allow?: string }): void {
  response.writeHead(reply.status, {
    "Content-Type": reply.type,
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    ...(reply.tag == null ? {} : { ETag: reply.tag }),
    ...(reply.allow === undefined ? {} : { Allow: reply.allow }),
    // What is left of a body that was not read would be taken for the next request.
    ...(request.complete ? {} : { Connection: "close" }),
  });
  response.end(reply.body);
}
