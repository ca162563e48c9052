import { beforeEach, describe, expect, it } from "@jest/globals";
import type { InteractionId, LegId } from "@legwork/shared/ids";
import { decodeG711 } from "../src/audio/g711.js";
import { sequenceDistance } from "../src/rtp/sequence.js";
import { Bench, hears, interaction, music, pcmu } from "./support/engine-bench.js";

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

describe("the engine", () => {
  it("[CF-1] sends each of three the sum of the two others", () => {
    for (const [name, level] of [["a", 1000], ["b", 2000], ["c", 4000]] as const) bench.add(name, level); // prettier-ignore
    bench.plan({ a: hears("b", "c"), b: hears("a", "c"), c: hears("a", "b") });
    bench.run(20);
    expect(Math.abs(bench.level("a") - 6000)).toBeLessThan(250);
    expect(Math.abs(bench.level("b") - 5000)).toBeLessThan(250);
    expect(Math.abs(bench.level("c") - 3000)).toBeLessThan(250);
  });

  it("[MX-1] sends silence on a leg of which no plan speaks, and one packet every 20 ms on every leg", () => {
    bench.add("a", 1000);
    bench.add("b", 2000);
    bench.run(50);
    expect(Math.abs(bench.level("a"))).toBeLessThan(10);
    expect(bench.sent.get("a")!.length).toBe(50);
    bench.plan({ b: music });
    bench.run(50);
    expect(bench.sent.get("b")!.length).toBe(100);
  });

  it("keeps one stream through silence, relay, mix, music and back: no step but 1, no timestamp but 160", () => {
    for (const [name, level] of [["a", 1000], ["b", 2000], ["c", 4000]] as const) bench.add(name, level); // prettier-ignore
    bench.run(10);
    const plans = [
      { a: hears("b"), b: hears("a") },
      { a: hears("b", "c"), b: hears("a") },
      { a: music, b: hears("c") },
      { a: hears("c") },
      {},
    ];
    for (const plan of plans) {
      bench.plan(plan);
      bench.run(10);
    }
    for (const packets of bench.sent.values()) {
      expect(packets.length).toBeGreaterThanOrEqual(59);
      packets.slice(1).forEach((p, i) => {
        expect(sequenceDistance(packets[i]!.sequence, p.sequence)).toBe(1);
        expect(p.timestamp - packets[i]!.timestamp).toBe(160);
        expect(p.ssrc).toBe(9);
      });
    }
  });

  it("[CO-4] loses at most a packet when it goes from relay to mix and back", () => {
    for (const [name, level] of [["a", 1000], ["b", 2000], ["c", 0]] as const) bench.add(name, level); // prettier-ignore
    bench.plan({ a: hears("b"), b: hears("a") });
    bench.run(20);
    const from = bench.sent.get("a")!.length;
    bench.plan({ a: hears("b", "c"), b: hears("a", "c"), c: hears("a", "b") });
    bench.run(20);
    bench.plan({ a: hears("b"), b: hears("a") });
    bench.run(20);
    const quiet = bench.sent
      .get("a")!
      .slice(from)
      .filter((p) => Math.abs(decodeG711("PCMU", p.payload)[80]! - 2000) > 100);
    expect(quiet.length).toBeLessThanOrEqual(1);
  });

  it("[HO-4][CO-4] says a plan is in force once, when every changed leg has sent, and not before a leg can send", () => {
    bench.add("a", 1000);
    const b = bench.add("b", 2000);
    b.sendable = false;
    bench.plan({ a: hears("b"), b: hears("a") });
    bench.run(5);
    expect(bench.inForce).toEqual([]);
    b.sendable = true;
    bench.run(1);
    expect(bench.inForce).toEqual([1]);
    bench.plan({ a: music, b: { kind: "silence" } });
    bench.run(1);
    expect(bench.inForce).toEqual([1, 2]);
    bench.run(10);
    expect(bench.inForce).toEqual([1, 2]);
  });

  it("[HO-4] counts a source that says nothing once its comfort silence has left", () => {
    bench.add("a", 1000);
    bench.add("b", 2000);
    bench.run(5);
    bench.peer("b").sends = false;
    bench.run(10);
    bench.plan({ a: hears("b"), b: music });
    bench.run(1);
    expect(bench.inForce).toEqual([1]);
    expect(bench.sent.get("a")!.length).toBe(16);
  });

  it("[HO-5] owes nothing to a peer that holds us, and sends it nothing", () => {
    bench.add("a", 1000, { ...pcmu, peerReceives: false });
    bench.add("b", 2000);
    bench.plan({ a: hears("b"), b: hears("a") });
    bench.run(5);
    expect(bench.inForce).toEqual([1]);
    expect(bench.sent.get("a")).toEqual([]);
  });

  it("covers a relayed source that stops, and goes on when it comes back", () => {
    bench.add("a", 1000);
    bench.add("b", 2000);
    bench.plan({ a: hears("b"), b: hears("a") });
    bench.run(10);
    bench.peer("b").sends = false;
    bench.run(20);
    expect(Math.abs(bench.level("a"))).toBeLessThan(10);
    bench.peer("b").sends = true;
    bench.run(5);
    expect(Math.abs(bench.level("a") - 2000)).toBeLessThan(100);
    const packets = bench.sent.get("a")!;
    packets.slice(1).forEach((p, i) => expect(sequenceDistance(packets[i]!.sequence, p.sequence)).toBe(1));
    expect(packets.length).toBeGreaterThanOrEqual(30);
  });

  it("[MX-1] refuses plans that bridge interactions or name strangers, and changes nothing", () => {
    bench.add("a", 1000);
    bench.add("x", 3000, pcmu, "other" as InteractionId);
    expect(bench.plan({ a: hears("x") })).toBe("foreign-leg");
    expect(bench.plan({ x: music })).toBe("foreign-leg");
    expect(bench.plan({ a: hears("nobody") })).toBe("unknown-leg");
    expect(bench.plan({ a: hears("a") })).toBe("hears-itself");
    bench.run(5);
    expect(Math.abs(bench.level("a"))).toBeLessThan(10);
    expect(bench.inForce).toEqual([]);
  });

  it("[CF-2] goes on for the others when a leg is closed", () => {
    for (const [name, level] of [["a", 1000], ["b", 2000], ["c", 4000]] as const) bench.add(name, level); // prettier-ignore
    bench.plan({ a: hears("b", "c"), b: hears("a", "c"), c: hears("a", "b") });
    bench.run(10);
    bench.engine.closeLeg("c" as LegId);
    bench.run(10);
    expect(Math.abs(bench.level("a") - 2000)).toBeLessThan(100);
    expect(bench.engine.legs.size).toBe(2);
    expect(bench.engine.closeInteraction(interaction)).toEqual(["a", "b"]);
    expect([bench.engine.legs.size, bench.engine.interactions.size]).toEqual([0, 0]);
  });

  it("forgets an interaction with its last leg when it never had a plan, as when an INVITE is refused", () => {
    bench.add("a", 1000);
    bench.add("x", 1000, pcmu, "other" as InteractionId);
    bench.plan({ a: music });
    for (const leg of ["a", "x"]) bench.engine.closeLeg(leg as LegId);
    expect([...bench.engine.interactions.keys()]).toEqual([interaction]);
    bench.engine.closeInteraction(interaction);
    bench.add("late", 1000);
    bench.engine.closeLeg("late" as LegId);
    expect(bench.engine.interactions.size).toBe(0);
  });

  it("[SE-1] says after 5 s that a talking browser is lost, never before ICE and DTLS are up, and that it is back", () => {
    const browser = bench.add("a", 1000, pcmu, interaction, "webrtc");
    bench.add("b", 2000);
    bench.plan({ a: hears("b"), b: hears("a") });
    bench.peer("a").sends = false;
    bench.run(300);
    expect(bench.events.filter((e) => e.event === "legLost")).toEqual([]);
    browser.up = true;
    bench.run(240);
    expect(bench.events.filter((e) => e.event === "legLost")).toEqual([]);
    bench.run(20);
    expect(bench.events.filter((e) => e.event === "legLost").map((e) => e.leg)).toEqual(["a"]);
    bench.peer("a").sends = true;
    bench.run(2);
    expect(bench.events.at(-1)).toEqual({ event: "legUp", leg: "a", by: "rtp" });
  });

  it("[MX-5] says that a talking phone is lost after 30 s, never a held one, and that it is back", () => {
    bench.add("a", 1000);
    bench.add("b", 2000);
    bench.plan({ a: hears("b"), b: music });
    bench.run(10);
    bench.peer("a").sends = false;
    bench.peer("b").sends = false;
    bench.run(1490);
    expect(bench.events.filter((e) => e.event === "legLost")).toEqual([]);
    bench.run(20);
    expect(bench.events.filter((e) => e.event === "legLost")).toEqual([
      { event: "legLost", leg: "a", cause: "rtp-timeout" },
    ]);
    bench.peer("a").sends = true;
    bench.run(2);
    expect(bench.events.filter((e) => e.event === "legUp").map((e) => e.leg)).toEqual(["a", "b", "a"]);
  });
});
