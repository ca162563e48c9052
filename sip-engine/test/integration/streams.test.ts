import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { TestEngine, until } from "../support/engine.js";
import type { SrfApp } from "../support/srf.js";
import { TcpPeer, UdpPeer, request, valueOf } from "../support/wire.js";

const SDP = "v=0\r\no=app 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 7000 RTP/AVP 0\r\n";

let engine: TestEngine;
let srf: SrfApp;
let peer: TcpPeer;
let peerUdp: UdpPeer;

beforeEach(async () => {
  engine = await TestEngine.start();
  srf = await engine.app();
  peer = await TcpPeer.open(engine.port("tcp"));
  peerUdp = await UdpPeer.open();
});
afterEach(async () => {
  peer.socket.destroy();
  peerUdp.socket.close();
  await engine.stop();
});

describe("messages too large (RFC 3261 18.3, 21.4.11, 21.5.7)", () => {
  let asked = 0;
  beforeEach(async () => {
    asked = 0;
    srf.message((_req, res) => {
      asked++;
      res.send(200);
    });
    await engine.routed("message");
  });

  it("a body over 2 MB: 413 as soon as the head is there, and the connection ends", async () => {
    peer.write(request("MESSAGE", "big", "TCP 127.0.0.1:9", "Content-Length: 3000000"));
    const refusal = await peer.next("SIP/2.0 413 Request Entity Too Large");
    expect([valueOf(refusal.text, "CSeq"), valueOf(refusal.text, "Call-ID")]).toEqual(["1 MESSAGE", "big"]);
    await peer.gone();
    expect(asked).toBe(0);
    expect(engine.server.engine.context.metrics.value('sip_transport_events_total{event="oversize"}')).toBe(1);
  });

  it("the same from a peer that keeps sending: it gets its 413 and no more of it is read as messages", async () => {
    const head = request("MESSAGE", "big", "TCP 127.0.0.1:9", "Content-Length: 9000000");
    peer.write(head + request("MESSAGE", "inside", "TCP 127.0.0.1:9").repeat(5000));
    await peer.next("SIP/2.0 413");
    await peer.gone();
    expect(asked).toBe(0);
    expect(peer.text).not.toContain("inside");
  });

  it("a head over 64 kB: 513, answered by what was read of it", async () => {
    peer.write(request("MESSAGE", "long", "TCP 127.0.0.1:9", `Subject: ${"x".repeat(70_000)}`));
    const refusal = await peer.next("SIP/2.0 513 Message Too Large");
    expect(valueOf(refusal.text, "Call-ID")).toBe("long");
    await peer.gone();
    expect(asked).toBe(0);
  });

  it("a length nobody can read: 400; one that lies over UDP: 400 too", async () => {
    peer.write(request("MESSAGE", "odd", "TCP 127.0.0.1:9", "Content-Length: many"));
    await peer.next("SIP/2.0 400");
    await peer.gone();
    const via = `UDP 127.0.0.1:${peerUdp.port}`;
    peerUdp.send(request("MESSAGE", "short", via, "Content-Length: 5"), engine.port("udp"));
    await peerUdp.next("SIP/2.0 400");
    expect(asked).toBe(0);
  });

  it("the largest datagram there is", async () => {
    const via = `UDP 127.0.0.1:${peerUdp.port}`;
    const empty = request("MESSAGE", "full", via, "Content-Length: 60000");
    peerUdp.send(empty + "x".repeat(60_000), engine.port("udp"));
    await peerUdp.next("SIP/2.0 200");
    expect(asked).toBe(1);
  });
});

describe("storms of repetitions", () => {
  it("1000 copies of an INVITE, its ACK, a re-INVITE and a BYE: the app sees each once", async () => {
    const seen: string[] = [];
    srf.invite((req, res) => {
      seen.push("INVITE");
      void srf.createUAS(req, res, { localSdp: SDP }).then((dialog) => {
        dialog.on("modify", (_again, response) => {
          seen.push("modify");
          response.send(200, { body: SDP });
        });
        dialog.on("destroy", () => seen.push("destroy"));
        seen.push("dialog");
      });
    });
    await engine.routed("invite");
    const via = `UDP 127.0.0.1:${peerUdp.port}`;
    const storm = (text: string): void => {
      for (let i = 0; i < 1000; i++) peerUdp.send(text, engine.port("udp"));
    };
    const ok = async (cseq: string): Promise<string> => {
      await until(
        () => peerUdp.all.some(({ text }) => text.startsWith("SIP/2.0 200") && valueOf(text, "CSeq") === cseq),
        `no 200 to ${cseq}`,
      );
      return peerUdp.all.find(({ text }) => valueOf(text, "CSeq") === cseq && valueOf(text, "To").includes("tag="))!
        .text;
    };
    const contact = `Contact: <sip:caller@127.0.0.1:${peerUdp.port}>`;
    storm(request("INVITE", "storm", via, contact));
    const to = `To: ${valueOf(await ok("1 INVITE"), "To")}`;
    storm(request("ACK", "storm", via, to, "CSeq: 1 ACK"));
    await until(() => seen.includes("dialog"), "no dialog");
    storm(request("INVITE", "storm2", via, to, "CSeq: 2 INVITE", contact).replace("Call-ID: storm2", "Call-ID: storm"));
    await ok("2 INVITE");
    storm(request("ACK", "storm2", via, to, "CSeq: 2 ACK").replace("Call-ID: storm2", "Call-ID: storm"));
    storm(request("BYE", "storm", via, to, "CSeq: 3 BYE"));
    await ok("3 BYE");
    await engine.idle();
    expect(seen).toEqual(["INVITE", "dialog", "modify", "destroy"]);
    expect(engine.server.engine.context.metrics.value("internal_errors_total")).toBe(0);
    // Repeated answers all say the same.
    const finals = peerUdp.all.filter(
      ({ text }) => valueOf(text, "CSeq") === "1 INVITE" && text.startsWith("SIP/2.0 2"),
    );
    expect(new Set(finals.map(({ text }) => text)).size).toBe(1);
  });

  it("1000 copies of a request the app has not answered, and of a CANCEL: one of each", async () => {
    const seen: string[] = [];
    srf.invite((req) => {
      seen.push("INVITE");
      req.on("cancel", () => seen.push("cancel"));
    });
    await engine.routed("invite");
    const via = `UDP 127.0.0.1:${peerUdp.port}`;
    const storm = (text: string): void => {
      for (let i = 0; i < 1000; i++) peerUdp.send(text, engine.port("udp"));
    };
    const invite = request("INVITE", "calm", via, `Contact: <sip:caller@127.0.0.1:${peerUdp.port}>`);
    storm(invite);
    await until(() => seen.length > 0, "not offered");
    storm(invite.replace(/INVITE (sip|$)/, "CANCEL $1").replace("1 INVITE", "1 CANCEL"));
    const refused = await peerUdp.next("SIP/2.0 487");
    peerUdp.send(
      request("ACK", "calm", via, `To: ${valueOf(refused.text, "To")}`, "CSeq: 1 ACK").replace("calmACK", "calmINVITE"),
      engine.port("udp"),
    );
    await engine.idle();
    expect(seen).toEqual(["INVITE", "cancel"]);
  });
});
