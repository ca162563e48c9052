import { once } from "node:events";
import { CONTROL_PROTOCOL, decodeFromMediaServer, type ControlError, type ControlEvent, type ControlReply, type ControlRequestBody, type ControlResult, type MediaDump } from "@legwork/shared/control"; // prettier-ignore
import { WebSocket } from "ws";
import { TOKEN } from "./media-server-process.js";

type ResultOf<T extends ControlResult["type"]> = Extract<ControlResult, { type: T }>;

/** What sip-proxy is to media-server, as far as a test needs it. */
export class ControlClient {
  readonly events: ControlEvent[] = [];
  readonly socket: WebSocket;
  readonly #waiting = new Map<string, (reply: ControlReply) => void>();
  readonly #watchers = new Set<() => void>();
  #nextId = 1;
  #revision = 0;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data) => {
      const decoded = decodeFromMediaServer(String(data));
      if (!decoded.ok) throw new Error(`media-server broke the contract: ${decoded.reason}`);
      if ("event" in decoded.value) this.events.push(decoded.value);
      else this.#waiting.get(decoded.value.reply)?.(decoded.value);
      for (const watch of this.#watchers) watch();
    });
  }

  /** `client` names the run of sip-proxy that the test plays. */
  static async connect(port: number, token: string | null = TOKEN, client = "test"): Promise<ControlClient> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/control`);
    await once(socket, "open");
    const connection = new ControlClient(socket);
    if (token !== null) await connection.ask("hello", { type: "hello", protocol: CONTROL_PROTOCOL, token, client });
    return connection;
  }

  request(body: ControlRequestBody): Promise<ControlReply> {
    const id = String(this.#nextId++);
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.socket.send(JSON.stringify({ id, ...body }));
    });
  }

  /** Asks for something that must succeed. */
  async ask<T extends ControlResult["type"]>(expected: T, body: ControlRequestBody): Promise<ResultOf<T>> {
    const reply = await this.request(body);
    if (!reply.ok) throw new Error(`${body.type}: ${reply.error.code}: ${reply.error.message}`);
    if (reply.result.type !== expected) throw new Error(`${body.type} gave ${reply.result.type}`);
    return reply.result as ResultOf<T>;
  }

  /** Asks for something that must fail. */
  async refused(body: ControlRequestBody): Promise<ControlError["code"]> {
    const reply = await this.request(body);
    if (reply.ok) throw new Error(`${body.type} was not refused`);
    return reply.error.code;
  }

  /** Applies a plan and waits until it is in force; gives the ms that took. */
  async plan(
    interaction: string,
    legs: Record<string, string[] | "silence" | { music: string } | { ringback: string }>,
  ): Promise<number> {
    const revision = ++this.#revision;
    const wire = Object.fromEntries(
      Object.entries(legs).map(([leg, s]) => {
        if (s === "silence") return [leg, { kind: "silence" }];
        if (Array.isArray(s)) return [leg, { kind: "parties", parties: s }];
        return [leg, "music" in s ? { kind: "music", queue: s.music } : { kind: "ringback", country: s.ringback }];
      }),
    );
    const began = performance.now();
    await this.ask("plan", { type: "applyPlan", interaction, revision, legs: wire } as ControlRequestBody);
    await this.event((e) => e.event === "planInForce" && e.interaction === interaction && e.revision === revision);
    return performance.now() - began;
  }

  get lastRevision(): number {
    return this.#revision;
  }

  async event(matches: (event: ControlEvent) => boolean, timeoutMs = 5000): Promise<ControlEvent> {
    return waitFor(
      () => this.events.find(matches),
      timeoutMs,
      () => `event; had ${JSON.stringify(this.events)}`,
      this.#watchers,
    );
  }

  async dump(): Promise<MediaDump["threads"][number]> {
    return (await this.ask("dump", { type: "dump" })).dump.threads[0]!;
  }

  async close(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    const closed = once(this.socket, "close");
    this.socket.close();
    await closed;
  }
}

/** Waits until `look` finds something: on each of the watchers' calls, and now and then. */
export async function waitFor<T>(
  look: () => T | undefined,
  timeoutMs: number,
  what: () => string,
  watchers: Set<() => void> = new Set(),
): Promise<T> {
  const found = look();
  if (found !== undefined) return found;
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearInterval(poll);
      clearTimeout(timeout);
      watchers.delete(check);
    };
    const check = (): void => {
      const now = look();
      if (now === undefined) return;
      end();
      resolve(now);
    };
    const poll = setInterval(check, 10);
    const timeout = setTimeout(() => {
      end();
      reject(new Error(`nothing after ${timeoutMs} ms: ${what()}`));
    }, timeoutMs);
    watchers.add(check);
  });
}
