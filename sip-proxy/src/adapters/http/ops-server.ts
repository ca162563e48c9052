import { createServer, type Server } from "node:http";

export interface OpsDeps {
  healthy(): boolean;
  dump(): Promise<object>;
  readonly metrics: { readonly contentType: string; text(): Promise<string> };
}

/** For operators and tests, on an address of its own: what exists in this process now, and what it has counted. */
export function createOpsServer(deps: OpsDeps): Server {
  return createServer((req, res) => {
    const json = (status: number, body: object): void => {
      res.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    };
    if (req.url === "/health") return json(deps.healthy() ? 200 : 503, { ok: deps.healthy() });
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
