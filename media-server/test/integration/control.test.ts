import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { workerBin } from "mediasoup";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { CONTROL_PROTOCOL, type ControlRequestBody } from "@legwork/shared/control";
import { ControlClient, waitFor } from "../support/control-client.js";
import { MediaServerProcess, TOKEN } from "../support/media-server-process.js";
import { RtpPhone } from "../support/rtp-phone.js";

let server: MediaServerProcess;
let control: ControlClient;

beforeAll(async () => {
  server = await MediaServerProcess.start({ LEGWORK_MEDIA_GRACE_MS: "300", LEGWORK_MEDIA_THREADS: "2" });
}, 30_000);
afterAll(async () => {
  expect(await server.stop()).toBe(0);
});
beforeEach(async () => {
  control = await ControlClient.connect(server.port);
});
afterEach(async () => {
  for (const interaction of ["one", "two"]) await control.ask("done", body({ type: "closeInteraction", interaction }));
  await control.close();
});

const body = (b: object): ControlRequestBody => b as ControlRequestBody;
const openLeg = (leg: string, interaction: string, thread: number | null = null): ControlRequestBody =>
  body({ type: "openLeg", leg, interaction, transport: "rtp", thread });
const silence = { kind: "silence" };
const party = (...parties: string[]): object => ({ kind: "parties", parties });

/** Sends text as it is; gives the reply to `id`. */
async function raw(text: string, connection = control): Promise<unknown> {
  const answer = once(connection.socket, "message");
  connection.socket.send(text);
  return JSON.parse(String((await answer)[0]));
}

describe("the control protocol", () => {
  it("refuses a wrong token and closes, and refuses everything before hello", async () => {
    const stranger = await ControlClient.connect(server.port, null);
    expect(await stranger.refused(body({ type: "dump" }))).toBe("not-authorised");
    const closed = once(stranger.socket, "close");
    const guess = { type: "hello", protocol: CONTROL_PROTOCOL, token: "guess", client: "stranger" } as const;
    expect(await stranger.refused(guess)).toBe("not-authorised");
    await closed;
    expect((await control.dump()).workers).toBe(1);
  });

  it("answers a frame that does not decode with bad-message, and goes on", async () => {
    expect(await raw('{"id":"x1","type":"openLeg","leg":7}')).toMatchObject({
      reply: "x1",
      ok: false,
      error: { code: "bad-message" },
    });
    expect(await raw('{"id":"x2","type":"explode"}')).toMatchObject({
      reply: "x2",
      ok: false,
      error: { code: "bad-message" },
    });
    control.socket.send("no JSON at all");
    control.socket.send(Buffer.from([0xff, 0x00, 0x80]));
    expect((await control.dump()).legs).toEqual([]);
    const metrics = await (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text();
    expect(metrics).toMatch(/requests_total\{type="unreadable",result="bad-message"\} [4-9]/);
    expect(await (await fetch(`http://127.0.0.1:${server.port}/health`)).json()).toMatchObject({ status: "ok" });
  });

  it("opens a leg twice as once, and not with other fields", async () => {
    const first = await control.ask("leg", openLeg("a", "one"));
    expect(await control.ask("leg", openLeg("a", "one", first.thread))).toEqual(first);
    expect(await control.refused(body({ ...openLeg("a", "one"), transport: "webrtc" }))).toBe("leg-exists");
    expect(await control.refused(openLeg("a", "two"))).toBe("leg-exists");
    const { threads } = (await control.ask("dump", { type: "dump" })).dump;
    expect(threads.flatMap((t) => t.legs).map((l) => [l.leg, l.interaction])).toEqual([["a", "one"]]);
    await control.ask("done", body({ type: "closeLeg", leg: "a" }));
    await control.ask("done", body({ type: "closeLeg", leg: "a" }));
    expect(await control.refused(body({ type: "createOffer", leg: "a" }))).toBe("unknown-leg");
  });

  it("keeps all legs of an interaction on one thread, and spreads interactions", async () => {
    const a = await control.ask("leg", openLeg("a", "one"));
    const b = await control.ask("leg", openLeg("b", "one", a.thread));
    const c = await control.ask("leg", openLeg("c", "two"));
    expect(b.thread).toBe(a.thread);
    expect(c.thread).not.toBe(a.thread);
  });

  it("[MX-1] refuses a plan that bridges two interactions, and one in which a leg hears itself; nothing changes", async () => {
    await control.ask("leg", openLeg("a", "one"));
    await control.ask("leg", openLeg("b", "two"));
    const plan = (legs: object): ControlRequestBody =>
      body({ type: "applyPlan", interaction: "one", revision: 5, legs });
    expect(await control.refused(plan({ a: party("b") }))).toBe("foreign-leg");
    expect(await control.refused(plan({ a: silence, b: silence }))).toBe("foreign-leg");
    expect(await control.refused(plan({ a: party("a") }))).toBe("bad-message");
    expect(await control.refused(plan({ a: party("nobody") }))).toBe("unknown-leg");
    expect(await control.ask("plan", plan({ a: silence }))).toMatchObject({ outcome: "applied" });
    expect(await control.ask("plan", plan({ a: { kind: "music", queue: "q" } }))).toMatchObject({ outcome: "stale" });
    expect((await control.dump()).plans.concat()).toEqual([{ interaction: "one", revision: 5 }]);
  });

  it("[MX-1] refuses a foreign leg also when both interactions live on one thread", async () => {
    const { thread } = await control.ask("leg", openLeg("a", "one"));
    await control.ask("leg", openLeg("b", "two", thread));
    expect(
      await control.refused(body({ type: "applyPlan", interaction: "one", revision: 1, legs: { a: party("b") } })),
    ).toBe("foreign-leg");
  });

  it("lets a new connection take over, and keeps the calls through a lost one", async () => {
    const [a, b] = [await RtpPhone.create("PCMU", 440), await RtpPhone.create("PCMU", 700)];
    for (const [leg, phone] of [
      ["a", a],
      ["b", b],
    ] as const) {
      await control.ask("leg", openLeg(leg, "one"));
      phone.accept((await control.ask("answer", body({ type: "setRemoteOffer", leg, sdp: phone.description() }))).sdp);
      phone.talk();
    }
    await control.plan("one", { a: ["b"], b: ["a"] });
    const old = control;
    control = await ControlClient.connect(server.port);
    await waitFor(
      () => (old.socket.readyState === old.socket.CLOSED ? true : undefined),
      2000,
      () => "close of the old connection",
    );
    await b.hears([440]);

    control.socket.terminate();
    control = await ControlClient.connect(server.port);
    await control.ask("leg", openLeg("a", "one"));
    expect(
      await control.ask(
        "plan",
        body({ type: "applyPlan", interaction: "one", revision: 9, legs: { a: party("b"), b: party("a") } }),
      ),
    ).toMatchObject({ outcome: "applied" });
    await control.event((e) => e.event === "planInForce" && e.revision === 9);
    await b.hears([440]);

    const instance = (await control.ask("dump", { type: "dump" })).dump.instance;
    await control.close();
    await waitFor(
      () => (server.log.some((l) => l.includes("did not come back")) ? true : undefined),
      3000,
      () => "the end of the grace time",
    );
    control = await ControlClient.connect(server.port);
    expect((await control.ask("dump", { type: "dump" })).dump).toMatchObject({
      instance,
      threads: [{ legs: [] }, { legs: [] }],
    });
    a.close();
    b.close();
  }, 20_000);

  it("keeps the legs for the same run of sip-proxy, and closes them before it greets another one", async () => {
    const legs = async (): Promise<string[]> =>
      (await control.ask("dump", { type: "dump" })).dump.threads.flatMap((t) => t.legs).map((l) => l.leg);
    const come = async (client: string): Promise<void> => {
      control.socket.terminate();
      control = await ControlClient.connect(server.port, TOKEN, client);
    };
    await come("run x");
    const { thread } = await control.ask("leg", openLeg("a", "one"));
    await control.ask("leg", openLeg("b", "two", 1 - thread));
    const plan = body({ type: "applyPlan", interaction: "one", revision: 1, legs: { a: silence } });
    expect(await control.ask("plan", plan)).toMatchObject({ outcome: "applied" });
    await come("run x");
    expect(await control.ask("plan", plan)).toMatchObject({ outcome: "stale" });
    expect((await legs()).sort()).toEqual(["a", "b"]);
    await come("run y");
    expect(await legs()).toEqual([]);
    expect(control.events).toEqual([]);
    expect(await control.refused(body({ type: "createOffer", leg: "a" }))).toBe("unknown-leg");
    await control.ask("leg", openLeg("a", "one"));
    expect(await control.ask("plan", plan)).toMatchObject({ outcome: "applied" });
  });

  it("answers with the codes that sip-proxy turns into SIP responses", async () => {
    await control.ask("leg", openLeg("a", "one"));
    const offer = (sdp: string): ControlRequestBody => body({ type: "setRemoteOffer", leg: "a", sdp });
    expect(await control.refused(offer("hello"))).toBe("bad-sdp");
    expect(
      await control.refused(
        offer("v=0\r\no=x 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 4000 RTP/AVP 18\r\nc=IN IP4 127.0.0.1\r\n"),
      ),
    ).toBe("no-common-codec");
    expect(await control.refused(body({ type: "setRemoteAnswer", leg: "a", sdp: "v=0" }))).toBe("wrong-state");
    expect(await control.refused(body({ type: "sendDtmf", leg: "a", digits: "1" }))).toBe("wrong-state");
    const { sdp } = await control.ask("offer", body({ type: "createOffer", leg: "a" }));
    expect(await control.refused(offer(sdp))).toBe("wrong-state");
    await control.ask("done", body({ type: "rollback", leg: "a" }));
    expect((await control.ask("answer", offer(sdp))).remoteDirection).toBe("sendrecv");
  });

  it("[SE-1] says which legs are lost when a media thread dies, and starts another one", async () => {
    const { thread } = await control.ask("leg", openLeg("a", "one"));
    const up = server.log.map((l) => JSON.parse(l) as { msg: string; thread: number; pid: number });
    process.kill(up.filter((e) => e.msg === "media thread up" && e.thread === thread).at(-1)!.pid, "SIGKILL");
    await control.event((e) => e.event === "legLost" && e.leg === "a" && e.cause === "thread-died");
    await waitFor(
      () => (server.log.filter((l) => l.includes("media thread up")).length === 3 ? true : undefined),
      10_000,
      () => "another thread",
    );
    expect(await control.ask("leg", openLeg("a", "one", thread))).toMatchObject({ type: "leg" });
  }, 20_000);

  it("leaves no process behind when it is killed", async () => {
    const other = await MediaServerProcess.start();
    const { pid, workerPid } = JSON.parse(other.log.find((l) => l.includes("media thread up"))!) as {
      pid: number;
      workerPid: number;
    };
    process.kill(other.pid, "SIGKILL");
    const gone = (id: number): boolean => {
      try {
        return !process.kill(id, 0);
      } catch {
        return true;
      }
    };
    await waitFor(
      () => (gone(pid) && gone(workerPid) ? true : undefined),
      5000,
      () => `${pid} or ${workerPid} lives on`,
    );
  }, 20_000);

  it("ends when one of its media threads does not come up at the start, and leaves none behind", async () => {
    const folder = mkdtempSync(join(tmpdir(), "worker-"));
    try {
      // The second of two mediasoup workers does not start.
      const worker = join(folder, "worker.sh");
      writeFileSync(worker, `#!/bin/sh\nmkdir ${folder}/first || exit 1\nexec ${workerBin} "$@"\n`, { mode: 0o755 });
      const started = MediaServerProcess.start({ LEGWORK_MEDIA_THREADS: "2", MEDIASOUP_WORKER_BIN: worker });
      await expect(started).rejects.toThrow("ended with 1");
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 20_000);

  it("does not start without a token, and says so", async () => {
    await expect(MediaServerProcess.start({ LEGWORK_MEDIA_TOKEN: "" })).rejects.toThrow("ended with 1");
    expect(TOKEN).not.toBe("");
  });
});
