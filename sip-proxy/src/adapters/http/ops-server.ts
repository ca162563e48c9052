import { createServer, type Server } from "node:http";

export interface OpsDeps {
  healthy(): boolean;
  dump(): Promise<object>;
}

/** For operators and tests, on an address of its own: what exists in this process now. */
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
    json(404, { ok: false });
  });
}
