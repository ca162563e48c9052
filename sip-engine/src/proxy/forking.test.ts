import { describe, expect, it } from "@jest/globals";
import { MOST_REDIRECTED, bestOf, startForking, stepForking } from "./forking.js";
import type { Branch, ForkAction, ForkEvent, ForkPlan } from "./forking.js";

const name = (action: ForkAction): string => {
  if (action.type === "try") return `try ${action.target}`;
  if (action.type === "answer") return `answer ${action.status}`;
  return action.type === "finish" ? "finish" : `${action.type} ${action.branch}`;
};

function play(plan: Partial<ForkPlan>, ...events: ForkEvent[]): string[] {
  const first = startForking({
    targets: ["a", "b"],
    simultaneous: false,
    followRedirects: false,
    targetUnavailable: 500,
    ...plan,
  });
  const names = first.actions.map(name);
  let state = first.state;
  for (const event of events) {
    const step = stepForking(state, event);
    state = step.state;
    names.push(...step.actions.map(name));
  }
  return names;
}

const ringing = (branch: number): ForkEvent => ({ type: "provisionalReceived", branch, status: 180 });
const final = (branch: number, status: number, ...contacts: string[]): ForkEvent => {
  return { type: "finalReceived", branch, status, contacts };
};

describe("forking (RFC 3261 16.7)", () => {
  it("serial: one after the other, the best refusal at the end", () => {
    expect(play({}, ringing(0), final(0, 404), final(1, 503))).toEqual([
      "try a",
      "forward 0",
      "report 0",
      "try b",
      "report 1",
      "forwardBest 0",
      "finish",
    ]);
  });

  it("a 2xx wins at once and cancels the rest; later 2xx still go up", () => {
    expect(play({ simultaneous: true }, ringing(1), final(0, 200), final(1, 200))).toEqual([
      "try a",
      "try b",
      "forward 1",
      "forward 0",
      "report 0",
      "cancel 1",
      "forward 1",
      "report 1",
      "finish",
    ]);
  });

  it("a 6xx and a challenge end the search", () => {
    for (const status of [603, 401, 407]) {
      expect(play({}, final(0, status))).toEqual(["try a", "report 0", "forwardBest 0", "finish"]);
    }
  });

  it("redirections become the next targets when asked for", () => {
    expect(play({ followRedirects: true }, final(0, 302, "c"), final(1, 200))).toEqual([
      "try a",
      "report 0",
      "try c",
      "forward 1",
      "report 1",
      "finish",
    ]);
  });

  it("a target is tried once, however often redirections name it (16.5)", () => {
    const targets = ["sip:a@one.example", "sip:b@two.example"];
    const known = ["sip:A@ONE.example", "sip:%61@One.Example;x=1", "sip:b@two.example"];
    expect(play({ targets, followRedirects: true }, final(0, 302, ...known), final(1, 302, ...known))).toEqual([
      "try sip:a@one.example",
      "report 0",
      "try sip:A@ONE.example",
      "report 1",
      "try sip:b@two.example",
    ]);
    expect(play({ targets: ["sip:a@one.example"], followRedirects: true }, final(0, 302, "sip:a@one.example"))).toEqual(
      ["try sip:a@one.example", "report 0", "forwardBest 0", "finish"],
    );
  });

  it("redirections that name ever new targets come to an end", () => {
    const answers = Array.from({ length: 200 }, (_, id) => final(id, 302, `sip:${id}@loop.example`));
    const tries = play({ targets: ["sip:a@loop.example"], followRedirects: true }, ...answers);
    expect(tries.filter((action) => action.startsWith("try"))).toHaveLength(1 + MOST_REDIRECTED);
    expect(tries.at(-1)).toBe("finish");
  });

  it("a target that was given up and answers after all wins: the others are cancelled (16.7 step 10)", () => {
    const givenUp: ForkEvent = { type: "patienceEnded", branch: 0 };
    expect(play({ targets: ["a", "b", "c"] }, givenUp, ringing(1), final(0, 200), final(1, 487))).toEqual([
      "try a",
      "try b",
      "forward 1",
      "forward 0",
      "report 0",
      "cancel 1",
      "report 1",
      "finish",
    ]);
  });

  it("nobody answers: 408; only broken targets: 500", () => {
    const fail = (branch: number, status: number): ForkEvent => ({ type: "branchFailed", branch, status });
    expect(play({}, fail(0, 408), fail(1, 408)).at(-2)).toBe("answer 408");
    expect(play({}, fail(0, 503), fail(1, 503)).at(-2)).toBe("answer 500");
  });

  it("a CANCEL waits for a target's first answer (9.1)", () => {
    expect(
      play({ simultaneous: true }, ringing(0), { type: "cancelReceived" }, ringing(1), final(0, 487), final(1, 487)),
    ).toEqual(["try a", "try b", "forward 0", "cancel 0", "cancel 1", "report 0", "report 1", "finish"]);
  });

  it("a target without a sign of life is left behind, and cancelled should it wake", () => {
    expect(play({}, { type: "patienceEnded", branch: 0 }, ringing(0), final(1, 200))).toEqual([
      "try a",
      "try b",
      "cancel 0",
      "forward 1",
      "report 1",
      "finish",
    ]);
  });

  it("ranks 6xx, then what the caller can mend, 3xx, 4xx, 5xx, and 408 last", () => {
    const order = [600, 407, 302, 404, 500, 408];
    for (let i = 0; i < order.length - 1; i++) {
      const branches = [order[i + 1]!, order[i]!].map((status, id): Branch => {
        return { id, target: "", phase: "finished", status, cancel: "none" };
      });
      expect(bestOf(branches)?.status).toBe(order[i]);
    }
  });
});
