import { describe, expect, it } from "@jest/globals";
import { heldAndResting, heldButTalking, talkingSide } from "./reconcile.js";
import { connected, consulting, established } from "./testing.js";

const A = { ...established("a", "incoming"), held: true };
const B = { ...established("b", "outgoing"), held: true };

describe("a hold that has outlived its reason", () => {
  it("[CO-9] is found when the consult ended and the customer is back", () => {
    expect(heldButTalking(connected(), { customer: A, consult: undefined })).toBe(A);
  });

  it("[CF-1] is found in a conference", () => {
    expect(heldButTalking({ ...connected(), phase: "conference" }, { customer: A, consult: B })).toBe(A);
  });

  it("[CO-3] is found on either side of a consult, whichever the server lets talk", () => {
    expect(heldButTalking(consulting("answered", "customer"), { customer: A, consult: B })).toBe(A);
    expect(heldButTalking(consulting("answered", "consult"), { customer: A, consult: B })).toBe(B);
  });

  it("leaves a hold alone that the server knows of", () => {
    for (const phase of ["held", "transferring", "offered"] as const) {
      expect(heldButTalking({ ...connected(), phase }, { customer: A, consult: B })).toBeUndefined();
    }
    expect(talkingSide(consulting("ringing", "none"))).toBeUndefined();
    expect(heldAndResting({ ...connected(), phase: "held" }, { customer: A, consult: undefined })).toEqual([A]);
    expect(heldAndResting(consulting("answered", "consult"), { customer: A, consult: B })).toEqual([A]);
  });

  it("wants nothing of a leg that is not held", () => {
    expect(heldButTalking(connected(), { customer: { ...A, held: false }, consult: undefined })).toBeUndefined();
  });
});
