import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import type { App, RoutingPort } from "../core/ports.js";
import { decodeDecision } from "../protocol/routing.js";
import type { AppAddress, RouteDecision, RouteRule } from "../protocol/routing.js";
import { AppConnection } from "./app-server.js";
import type { Admission, AppEvents, Greeting } from "./app-server.js";

/** How long a web server may think, and an app may take to connect and authenticate. */
const PATIENCE_MS = 5000;

/** Asks web servers about new requests and connects to apps that listen. */
export class OutboundRouting implements RoutingPort {
  readonly #admission: Admission;
  readonly #greeting: Greeting;
  readonly #events: AppEvents;
  readonly #verify: boolean;
  readonly #open = new Set<AppConnection>();

  constructor(admission: Admission, greeting: Greeting, verify: boolean, events: AppEvents) {
    this.#admission = admission;
    this.#greeting = greeting;
    this.#verify = verify;
    this.#events = events;
  }

  async ask(
    rule: Extract<RouteRule, { type: "ask" }>,
    query: readonly (readonly [string, string])[],
    sip: string,
  ): Promise<RouteDecision | "unreachable" | "invalid"> {
    const url = new URL(rule.url);
    for (const [name, value] of query) url.searchParams.append(name, value);
    const body = Buffer.from(sip, "latin1");
    const post = { method: "POST", body, headers: { "Content-Type": "message/sip" } };
    let response: Response;
    try {
      response = await fetch(url, { ...(rule.post ? post : {}), signal: AbortSignal.timeout(PATIENCE_MS) });
    } catch {
      return "unreachable";
    }
    try {
      const decision = decodeDecision(await response.json());
      return response.ok && decision !== null ? decision : "invalid";
    } catch {
      return "invalid";
    }
  }

  connect(address: AppAddress): Promise<App | null> {
    const { host, port, tls } = address;
    const socket = tls ? connectTls({ host, port, rejectUnauthorized: this.#verify }) : connect({ host, port });
    return new Promise((resolve) => {
      const timer = setTimeout(() => socket.destroy(), PATIENCE_MS);
      const settle = (app: App | null): void => {
        clearTimeout(timer);
        resolve(app);
      };
      const connection = new AppConnection(socket, this.#admission, this.#greeting, {
        ...this.#events,
        connected: (app, tags) => {
          this.#events.connected(app, tags);
          settle(app);
        },
      });
      this.#open.add(connection);
      socket.on("close", () => {
        this.#open.delete(connection);
        settle(null);
      });
    });
  }

  close(): void {
    for (const connection of this.#open) connection.destroy();
  }
}
