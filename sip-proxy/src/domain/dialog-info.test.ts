import { describe, expect, it } from "@jest/globals";
import { brightest, DARK, dialogInfo, lampOf } from "./dialog-info.js";

const resting = { kind: "available" } as const;

describe("busy lamps (RFC 4235)", () => {
  it("[SG-7] are dark between calls, blink while it rings, and are lit in a call", () => {
    for (const state of [{ kind: "offline" }, resting, { kind: "rona" }, { kind: "idle", reason: "x" }] as const)
      expect(lampOf(state)).toEqual(DARK);
    for (const by of ["queue", "consult"] as const)
      expect(lampOf({ kind: "reserved", by, former: resting })).toEqual({ state: "early", direction: "recipient" });
    expect(lampOf({ kind: "reserved", by: "internal", former: resting })).toEqual({ state: "early", direction: null });
    expect(lampOf({ kind: "reserved", by: "outbound", former: resting })).toEqual({
      state: "trying",
      direction: "initiator",
    });
    expect(lampOf({ kind: "engaged", former: resting })).toEqual({ state: "confirmed", direction: null });
  });

  it("[SG-7] [IN-1] are as bright as the brightest call, and know the direction when a call does", () => {
    const early = { state: "early", direction: "initiator" } as const;
    const lit = { state: "confirmed", direction: "recipient" } as const;
    expect(brightest([])).toEqual(DARK);
    expect(brightest([early, DARK])).toEqual(early);
    expect(brightest([early, lit, { state: "confirmed", direction: null }])).toEqual(lit);
    expect(brightest([{ state: "early", direction: null }, early])).toEqual(early);
  });

  it("[SG-7] have the shape of the RFC's schema: version, full state, entity, one dialog with an id and a state", () => {
    expect(dialogInfo("sip:2001@legwork.test", "2001", { state: "early", direction: "recipient" }, 7)).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\r\n' +
        '<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="7" state="full" entity="sip:2001@legwork.test">' +
        '<dialog id="2001" direction="recipient"><state>early</state></dialog></dialog-info>\r\n',
    );
    expect(dialogInfo("sip:2001@legwork.test", "2001", DARK, 0)).toContain(
      '<dialog id="2001"><state>terminated</state></dialog>',
    );
  });
});
