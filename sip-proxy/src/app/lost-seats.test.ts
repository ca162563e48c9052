import { describe, expect, it } from "@jest/globals";
import { brand, type AgentId, type LegId, type SeatId } from "@legwork/shared/ids";
import { LostSeats, type KeptSeat } from "./lost-seats.js";

const leg = brand<LegId>("a");
const line = brand<LegId>("b");
const agent = brand<AgentId>("anna");
const seat: KeptSeat = { seat: brand<SeatId>("s"), agent, legs: [leg, line] };

function setUp(
  stationIsThere: boolean,
  station: "browser" | "held" | "silent" = "browser",
  knows: "there" | "gone" = "there",
) {
  const timers: { ms: number; callback: () => void; cancelled: boolean }[] = [];
  const said: string[] = [];
  const seats = new LostSeats({
    clock: {
      now: () => 0,
      after: (ms, callback) => {
        const timer = { ms, callback, cancelled: false };
        timers.push(timer);
        return () => {
          timer.cancelled = true;
        };
      },
    },
    keptMs: 60_000,
    seats: {
      keptSeatOfLeg: () => seat,
      keptSeatOf: (one) => (one === agent ? seat : null),
      wireOf: (l) => ({ leg: l, held: station === "held", up: true, lost: false }),
    },
    signalling: () => ({
      stationIsThere: () => stationIsThere,
      isBrowser: () => station === "browser",
      probe: (l) => {
        said.push(`probe ${l}`);
        return Promise.resolve(knows);
      },
    }),
    lost: (l) => said.push(`lost ${l}`),
    givenUp: (l) => said.push(`given up ${l}`),
    callBack: (s) => said.push(`call back ${s}`),
  });
  const fire = (ms: number): void => {
    for (const timer of timers.filter((t) => t.ms === ms && !t.cancelled)) timer.callback();
  };
  return { seats, timers, said, fire };
}

describe("a seat whose station has gone without a BYE", () => {
  it("[SE-1] is kept for a while, and then given up", () => {
    const { seats, said, fire } = setUp(false);
    seats.legLost(leg);
    seats.legLost(leg);
    fire(3_000);
    fire(60_000);
    expect(said).toEqual(["lost a", "given up a"]);
  });

  it("[SE-1] is not given up when it comes back, and can be lost again", () => {
    const { seats, said, timers, fire } = setUp(true);
    seats.legLost(leg);
    seats.found(leg);
    fire(3_000);
    fire(60_000);
    expect(timers.every((t) => t.cancelled)).toBe(true);
    seats.legLost(leg);
    expect(said).toEqual(["lost a", "lost a"]);
  });

  it("[SE-1] is called back when its page is there and has not mended it", () => {
    const { seats, said, fire } = setUp(true);
    seats.legLost(leg);
    fire(3_000);
    expect(said).toEqual(["lost a", "call back s"]);
  });

  it.each([
    ["browser", "there", ["lost a"]],
    ["held", "gone", []],
    ["silent", "there", ["probe a"]],
    ["silent", "gone", ["probe a", "lost a"]],
  ] as const)(
    "[SE-1] [MX-5] is lost by its silence: a %s whose station says it is %s",
    async (station, knows, wanted) => {
      const { seats, said } = setUp(false, station, knows);
      await seats.silent(leg);
      expect(said).toEqual(wanted);
    },
  );

  it("[SE-1] is called back by a telephone that has started anew, also one that was lost before", () => {
    const { seats, said, fire } = setUp(true, "silent", "gone");
    expect(seats.gone(leg)).toBe(true);
    fire(3_000);
    expect(seats.gone(leg)).toBe(true);
    expect(said).toEqual(["lost a", "call back s", "call back s"]);
  });

  it("[SE-1] is called back at once by a new page, all its legs lost with the old one", () => {
    const { seats, said } = setUp(true);
    seats.pageReplaced(agent);
    seats.pageReplaced(brand<AgentId>("bo"));
    expect(said).toEqual(["lost a", "lost b", "call back s"]);
  });
});
