import { jest } from "@jest/globals";
import { readFileSync } from "node:fs";
import { pino } from "pino";
import type { Logger } from "pino";
import { loadConfig } from "../../src/config.js";
import { SipEngineServer } from "../../src/server.js";
import { newSrf } from "./srf.js";
import type { SrfApp } from "./srf.js";

// Waiting until nothing is left takes 64·T1 of its own, and a busy machine its time.
jest.setTimeout(60_000);

/** T1 of the tests: 64·T1 is then 3.2 s, so that nothing is left soon after a call. */
const FAST = ["--t1", "50", "--t2", "400", "--t4", "100"];

/** A running engine on ports the system chose, with its apps. */
export class TestEngine {
  readonly #apps = new Set<SrfApp>();

  private constructor(readonly server: SipEngineServer) {}

  static start(...more: string[]): Promise<TestEngine> {
    return TestEngine.startLogging(pino({ level: "silent" }), ...more);
  }

  /** The same for tests that read the log. */
  static startLogging(log: Logger, ...more: string[]): Promise<TestEngine> {
    const sip = ["udp", "tcp", "ws"].flatMap((transport) => ["--sip", `${transport}:127.0.0.1:0`]);
    return TestEngine.#launch(log, [...sip, ...more]);
  }

  /** An engine that has only the listeners it is told. */
  static alone(...options: string[]): Promise<TestEngine> {
    return TestEngine.#launch(pino({ level: "silent" }), options);
  }

  static async #launch(log: Logger, options: readonly string[]): Promise<TestEngine> {
    const rest = ["--admin", "127.0.0.1:0", "--http", "127.0.0.1:0", "--secret", "s3cret", ...FAST];
    const result = loadConfig([...rest, ...options], {}, (path) => readFileSync(path, "utf8"));
    if (!result.ok) throw new Error(result.mistakes.join("; "));
    return new TestEngine(await SipEngineServer.start(result.config, log));
  }

  port(transport: "udp" | "tcp" | "tls" | "ws" | "wss"): number {
    const match = new RegExp(`\\b${transport}/127\\.0\\.0\\.1:(\\d+)`).exec(this.server.addresses.sip);
    return Number(match?.[1]);
  }

  /** A drachtio-srf app, connected and authenticated. */
  async app(): Promise<SrfApp> {
    const srf = newSrf();
    this.#apps.add(srf);
    const connected = new Promise<void>((resolve, reject) => {
      srf.on("connect", (error) => (error ? reject(error) : resolve()));
    });
    srf.connect({ host: "127.0.0.1", port: this.server.addresses.admin, secret: "s3cret" });
    await connected;
    return srf;
  }

  /** Waits until a verb an app asked for has arrived: drachtio-srf gives no sign of it. */
  async routed(verb: string): Promise<void> {
    await until(() => this.server.engine.context.apps.pick(verb) !== null, `route ${verb}`);
  }

  counts(): Record<string, number> {
    return this.server.dump()["counts"] as Record<string, number>;
  }

  /** Apps that are connected now. */
  apps(): readonly unknown[] {
    return this.server.engine.context.apps.toJSON() as unknown[];
  }

  /** Waits until no transaction, dialog, request or timer is left. */
  async idle(): Promise<void> {
    await until(
      () => Object.values(this.counts()).every((count) => count === 0),
      () => `left: ${JSON.stringify(this.counts())}`,
    );
  }

  /** Disconnects an app; drachtio-srf cannot do it twice. */
  leave(srf: SrfApp): void {
    this.#apps.delete(srf);
    srf.disconnect();
  }

  async stop(): Promise<void> {
    for (const srf of this.#apps) this.leave(srf);
    await this.server.close();
  }
}

/** Polls until a condition holds; the failure says what was missing. */
export async function until(holds: () => boolean, missing: string | (() => string), ms = 15_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(typeof missing === "string" ? missing : missing());
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
