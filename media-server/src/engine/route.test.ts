import { describe, expect, it } from "@jest/globals";
import type { LegId } from "@legwork/shared/ids";
import type { LegSource } from "@legwork/shared/media";
import type { Codec } from "../audio/codec.js";
import { routesOf, type RoutedLeg } from "./route.js";

const id = (name: string): LegId => name as LegId;
const hears = (...parties: string[]): LegSource => ({ kind: "parties", parties: parties.map(id) });
const leg = (codec: Codec | null, source: LegSource): RoutedLeg => ({ source, sends: codec, receives: codec });

function routes(legs: Record<string, RoutedLeg>) {
  return Object.fromEntries(routesOf(new Map(Object.entries(legs).map(([name, l]) => [id(name), l]))));
}

describe("routes", () => {
  it("[MX-3] relay one party of the same codec, and transcode one of another", () => {
    expect(routes({ a: leg("opus", hears("b")), b: leg("opus", hears("a")) })).toEqual({
      a: { kind: "relay", from: "b" },
      b: { kind: "relay", from: "a" },
    });
    expect(routes({ a: leg("G722", hears("b")), b: leg("G722", hears("a")) })).toMatchObject({ a: { kind: "relay" } });
    expect(routes({ a: leg("PCMU", hears("b")), b: leg("PCMA", hears("a")) })).toMatchObject({
      a: { kind: "mix", from: ["b"], rate: 8000 },
    });
  });

  it("[CF-1] mix at the lowest rate that loses nothing that two can hear", () => {
    const all = { a: hears("b", "c"), b: hears("a", "c"), c: hears("a", "b") };
    expect(routes({ a: leg("PCMU", all.a), b: leg("PCMA", all.b), c: leg("opus", all.c) })).toMatchObject({
      a: { rate: 8000 },
      c: { rate: 8000 },
    });
    expect(routes({ a: leg("opus", all.a), b: leg("PCMA", all.b), c: leg("opus", all.c) })).toMatchObject({
      a: { rate: 48000 },
      b: { rate: 48000 },
    });
    expect(routes({ a: leg("opus", all.a), b: leg("PCMU", all.b), c: leg("G722", all.c) })).toMatchObject({
      a: { rate: 16000 },
      b: { rate: 16000 },
    });
    expect(routes({ a: leg("opus", all.a), b: leg("opus", all.b), c: leg("G722", all.c) })).toMatchObject({
      c: { rate: 48000 },
    });
    expect(routes({ a: leg("G722", all.a), b: leg("PCMU", all.b), c: leg("PCMA", all.c) })).toMatchObject({
      a: { rate: 8000 },
    });
  });

  it("relay again when one of the others says nothing yet, or is gone", () => {
    expect(
      routes({ a: leg("PCMU", hears("b", "c")), b: leg("PCMU", hears("a", "c")), c: leg(null, hears("a", "b")) }),
    ).toMatchObject({
      a: { kind: "relay", from: "b" },
      b: { kind: "relay", from: "a" },
    });
    expect(routes({ a: leg("PCMU", hears("b")) })).toEqual({ a: { kind: "silence" } });
  });

  it("[MX-1] never lead from a leg to itself", () => {
    expect(routes({ a: leg("PCMU", hears("a")) })).toEqual({ a: { kind: "silence" } });
  });
});
