import { afterEach, describe, expect, it, jest } from "@jest/globals";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { FrameClient } from "../support/frame-client.js";
import { UdpPeer } from "../support/peer.js";
import { calledBy, fromPeer, hangUp, nextOf } from "../support/world.js";

jest.setTimeout(60_000);

const PROGRAM = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
const LISTEN = ["--sip", "udp:127.0.0.1:0", "--admin", "127.0.0.1:0", "--http", "127.0.0.1:0", "--secret", "s3cret"];

const guests = new Set<{ close(): void }>();
afterEach(() => {
  for (const guest of guests) guest.close();
  guests.clear();
});

function keep<Guest extends { close(): void }>(guest: Guest): Guest {
  guests.add(guest);
  return guest;
}

/** The program itself, with an app and phones. */
class Running {
  private constructor(
    private readonly child: ChildProcess,
    readonly exited: Promise<unknown>,
    private readonly ports: { readonly sip: string; readonly admin: number; readonly http: number },
  ) {}

  static async start(...options: string[]): Promise<Running> {
    const child = spawn(process.execPath, [PROGRAM, ...LISTEN, "--t1", "50", ...options], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    keep({ close: () => void child.kill("SIGKILL") });
    const exited = once(child, "exit").then(([code]: unknown[]) => code);
    const [line] = (await once(createInterface(child.stdout), "line")) as [string];
    return new Running(child, exited, JSON.parse(line) as Running["ports"]);
  }

  get pid(): number {
    return this.child.pid!;
  }

  async app(...verbs: string[]): Promise<FrameClient> {
    const app = keep(await FrameClient.connect(this.ports.admin));
    await app.authenticate();
    await app.route(...verbs);
    return app;
  }

  async peer(): Promise<UdpPeer> {
    return keep(await UdpPeer.open(Number(/:(\d+)/.exec(this.ports.sip)?.[1])));
  }

  async health(): Promise<{ status: number; draining: boolean }> {
    const response = await fetch(`http://127.0.0.1:${this.ports.http}/health`);
    return { status: response.status, draining: ((await response.json()) as { draining: boolean }).draining };
  }

  /** Tells the program to stop, and returns when it has begun to. */
  async terminate(): Promise<void> {
    this.child.kill("SIGTERM");
    for (let { status } = await this.health(); status !== 503;) ({ status } = await this.health());
  }
}

describe("stopping", () => {
  it("refuses new calls, lets those that ring or talk go on, and ends with the last", async () => {
    const engine = await Running.start("--drain-ms", "600000");
    const app = await engine.app("invite", "options");
    expect(await engine.health()).toEqual({ status: 200, draining: false });
    const [talking, ringing, other] = [await engine.peer(), await engine.peer(), await engine.peer()];
    const call = await calledBy(talking, app);
    const invite = ringing.request("INVITE");
    const { tokens } = await nextOf(app, invite);
    await engine.terminate();
    const refused = other.request("INVITE");
    other.ackRefusal(refused, await other.next("503 INVITE"));
    const options = other.request("OPTIONS");
    await app.respond((await nextOf(app, options)).tokens[8]!, "200 OK");
    await other.next("200 OPTIONS");
    const info = fromPeer(call, "INFO", 2);
    await app.respond((await nextOf(app, info)).tokens[8]!, "200 OK");
    await talking.next("200 INFO");
    await hangUp(call);
    expect(await engine.health()).toEqual({ status: 503, draining: true });
    await app.respond(tokens[8]!, "486 Busy Here");
    ringing.ackRefusal(invite, await ringing.next("486 INVITE"));
    expect(await engine.exited).toBe(0);
  });

  it("waits for a request of an app and for a proxied call", async () => {
    const engine = await Running.start("--drain-ms", "600000");
    const app = await engine.app("invite");
    const [caller, callee] = [await engine.peer(), await engine.peer()];
    const invite = caller.request("INVITE");
    const { tokens } = await nextOf(app, invite);
    const place = `sip:${callee.name}@${callee.address}`;
    app.write(`order|proxy|${tokens[8]}||fullResponse||serial|||${place}\r\nINVITE sip:x SIP/2.0\r\n\r\n`);
    const proxied = await callee.next("INVITE");
    await app.request(`MESSAGE ${place}`);
    const message = await callee.next("MESSAGE");
    await engine.terminate();
    callee.respond(message, "200 OK");
    await app.next("200 MESSAGE");
    callee.respond(proxied, "486 Busy Here");
    caller.ackRefusal(invite, await caller.next("486 INVITE"));
    expect(await engine.exited).toBe(0);
  });

  it("ends when the time is over though a call goes on, and at once when there is none", async () => {
    for (const ms of ["300", "600000"]) {
      const engine = await Running.start("--drain-ms", ms);
      const app = await engine.app("invite");
      if (ms === "300") await calledBy(await engine.peer(), app);
      const begun = performance.now();
      process.kill(engine.pid, "SIGTERM");
      expect(await engine.exited).toBe(0);
      if (ms === "300") expect(performance.now() - begun).toBeGreaterThanOrEqual(290);
    }
  });
});
