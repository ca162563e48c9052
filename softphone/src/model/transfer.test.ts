import { describe, expect, it } from "@jest/globals";
import type { InteractionView } from "@legwork/shared/api";
import { announcementFor } from "./announcement.js";
import { headingOf } from "./heading.js";
import { connected, consulting, desktopWith, seat } from "./testing.js";
import { answerBy, otherSide, transferStage } from "./transfer.js";

const people = (...seats: string[]) => ({ kind: "people", seats }) as const;
const consult = consulting("answered", "consult");

/** CO-5: the consult goes on while the consulted party is asked. */
const asking: InteractionView = {
  ...consult,
  phase: "transferring",
  transfer: { stage: "asked", until: "2026-01-01T12:00:20.000Z" },
  seats: [
    seat("customer", { kind: "music" }),
    seat("owner", people("consulted"), true),
    seat("consulted", people("owner")),
  ],
};
/** CO-4: the new plan is on its way. */
const moving: InteractionView = {
  ...asking,
  transfer: null,
  seats: [
    seat("customer", people("consulted")),
    seat("owner", { kind: "silence" }, true),
    seat("consulted", people("customer")),
  ],
};
const asked: InteractionView = {
  ...consult,
  role: "consulted",
  transfer: { stage: "to-answer", until: "2026-01-01T12:00:20.000Z" },
  seats: [seat("owner", people("consulted")), seat("consulted", people("owner"), true)],
};
const blind: InteractionView = {
  ...connected(),
  phase: "transferring",
  seats: [...connected().seats, seat("consulted", { kind: "silence" })],
};

describe("how far a transfer is", () => {
  it("[CO-5] is a question while the owner still talks with the consulted party, and then the move itself", () => {
    expect([asking, moving, asked, blind, connected(), consult].map(transferStage)).toEqual([
      "asked",
      "moving",
      "to-answer",
      "blind",
      undefined,
      undefined,
    ]);
  });

  it("[CO-5] leaves as long for the answer as the server says", () => {
    expect(new Date(answerBy(asked)).toISOString()).toBe("2026-01-01T12:00:20.000Z");
  });

  it("[CO-5] is told to both: in the heading of the owner, and aloud", () => {
    expect(headingOf(asking).phase).toBe("asking");
    expect(headingOf(moving).phase).toBe("transferring");
    const before = desktopWith(consult);
    expect(announcementFor(before, desktopWith(asking))).toMatchObject({ key: "asking", names: { target: "Bjørn" } });
    expect(announcementFor(before, desktopWith(asked))).toMatchObject({ key: "asked", names: { target: "Anna" } });
    expect(announcementFor(desktopWith(asking), desktopWith(moving))?.key).toBe("transferring");
  });

  it("[OB-1] a call of the agent's own is announced with its number", () => {
    const dialling = { ...connected(), phase: "dialling", customer: { name: "", number: "+4799887766" } } as const;
    expect(announcementFor(desktopWith(null), desktopWith(dialling))).toMatchObject({
      key: "dialling",
      names: { customer: "+4799887766" },
    });
  });
});

describe("who the other party is called", () => {
  it("[CO-4] is no colleague when it is reached through a trunk", () => {
    const target = { kind: "outside", number: "+4799887766", label: "+4799887766" } as const;
    const outside = { ...consult, consult: consult.consult && { ...consult.consult, target } };
    expect([outside, consult, blind].map(otherSide)).toEqual(["outside", "colleague", "transfer"]);
    expect(otherSide({ ...outside, role: "consulted" })).toBe("colleague"); // for the one it is about
  });
});
