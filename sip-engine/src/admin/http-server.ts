import { createServer } from "node:http";
import type { Server } from "node:http";

/** What the endpoint shows. */
export interface Inspection {
  health(): { readonly ok: boolean; readonly detail: Record<string, unknown> };
  dump(): Record<string, unknown>;
  metrics(): string;
}

/** Read-only HTTP endpoint for health checks, debugging and metrics. Bind it to loopback. */
export class HttpServer {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(at: { readonly host: string; readonly port: number }, inspection: Inspection): Promise<HttpServer> {
    const server = createServer((request, response) => {
      const path = (request.url ?? "").split("?")[0];
      const json = (status: number, value: unknown): void => {
        response.writeHead(status, { "Content-Type": "application/json" });
        response.end(`${JSON.stringify(value)}\n`);
      };
      if (request.method !== "GET") json(405, { error: "only GET" });
      else if (path === "/health") {
        const { ok, detail } = inspection.health();
        json(ok ? 200 : 503, { ok, ...detail });
      } else if (path === "/debug/dump") json(200, inspection.dump());
      else if (path === "/metrics") {
        response.writeHead(200, { "Content-Type": "text/plain; version=0.0.4" });
        response.end(inspection.metrics());
      } else json(404, { error: "not found" });
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
