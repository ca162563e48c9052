import { afterEach, describe, expect, it } from "@jest/globals";
import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { TestEngine, until } from "../support/engine.js";

let engine: TestEngine;
let app: RawApp;
afterEach(async () => {
  app.socket.destroy();
  await engine.stop();
});

/** An app that writes its frames itself. */
class RawApp {
  received = "";
  closed = false;

  private constructor(readonly socket: Socket) {
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => (this.received += chunk));
    socket.on("error", () => undefined);
    socket.on("close", () => (this.closed = true));
  }

  static async open(port: number): Promise<RawApp> {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    return new RawApp(socket);
  }

  send(payload: string): void {
    this.socket.write(`${payload.length}#${payload}`, "latin1");
  }

  async answered(id: string): Promise<string> {
    await until(() => this.received.includes(`|response|${id}|`), `answer to ${id}`);
    return this.received.split(`|response|${id}|`)[1]!.slice(0, 2);
  }
}

async function start(...more: string[]): Promise<void> {
  engine = await TestEngine.start(...more);
  app = await RawApp.open(engine.server.addresses.admin);
}

const AS_DRACHTIO_SERVER = ["--imitate", "drachtio-server"];

describe("the connection of an app", () => {
  it("has to authenticate first (authentication)", async () => {
    await start();
    app.send("1|route|invite");
    expect(await app.answered("1")).toBe("NO");
    await until(() => app.closed, "the end of the connection");
  });

  it("need not authenticate with drachtio-server's ways, but a wrong secret is refused (authentication)", async () => {
    await start(...AS_DRACHTIO_SERVER);
    app.send("1|route|invite");
    expect(await app.answered("1")).toBe("OK");
    expect(engine.apps()).toHaveLength(1);
    app.send("2|authenticate|wrong|");
    expect(await app.answered("2")).toBe("NO");
    await until(() => app.closed, "the end of the connection");
  });

  const options = (id: string, bytes: number): string =>
    `${id}|sip||\r\nOPTIONS sip:nobody@127.0.0.1:9 SIP/2.0\r\nX: ${"x".repeat(bytes)}\r\n\r\n`;

  it("carries large frames, and is closed over one that is too large (longestFrame, longFrame)", async () => {
    await start();
    app.send("1|authenticate|s3cret|");
    app.send(options("2", 100_000));
    expect(await app.answered("2")).toBe("OK");
    app.socket.write("5000000#");
    await until(() => app.closed, "the end of the connection");
  });

  it("goes deaf over 12 228 bytes with drachtio-server's ways, and stays open (longestFrame, longFrame)", async () => {
    await start(...AS_DRACHTIO_SERVER);
    app.send("1|authenticate|s3cret|");
    expect(await app.answered("1")).toBe("OK");
    app.send(options("2", 13_000));
    app.send("3|ping");
    const other = await RawApp.open(engine.server.addresses.admin);
    other.send("4|ping");
    expect(await other.answered("4")).toBe("OK");
    other.socket.destroy();
    expect(app.received).not.toMatch(/\|response\|[23]\|/);
    expect(app.closed).toBe(false);
  });
});
