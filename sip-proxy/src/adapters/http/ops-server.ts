import { createServer, type Server } from "node:http";

export interface OpsDeps {
  /** What this process cannot do without, and whether it is there. */
  health(): Readonly<Record<string, boolean>>;
  dump(): Promise<object>;
  readonly metrics: { readonly contentType: string; text(): Promise<string> };
}

/** All of it is there. */
export const isWell = (health: Readonly<Record<string, boolean>>): boolean => Object.values(health).every(Boolean);

/** For operators and tests, on an address of its own: what exists in this process now, and what it has counted. */
export function createOpsServer(deps: OpsDeps): Server {
  return createServer((req, res) => {
    const json = (status: number, body: object): void => {
      res.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    };
    if (req.url === "/health") {
      const health = deps.health();
      const ok = isWell(health);
      return json(ok ? 200 : 503, { ok, ...health });
    }
    if (req.url === "/debug/dump") {
      deps.dump().then(
        (dump) => json(200, dump),
        () => json(500, { ok: false }),
      );
      return;
    }
    if (req.url === "/metrics") {
      const { metrics } = deps;
      metrics.text().then(
        (text) => res.writeHead(200, { "Content-Type": metrics.contentType }).end(text),
        () => json(500, { ok: false }),
      );
      return;
    }
    json(404, { ok: false });
  });
}
