import { describe, expect, it } from "@jest/globals";
import { parseTelephoneEvent, writeTelephoneEvent } from "./telephone-event.js";

describe("telephone-events (RFC 4733)", () => {
  it.each([..."0123456789*#ABCD"])("[MX-4] reads the %s it writes", (digit) => {
    const event = { digit, end: true, volume: 10, duration: 800 };
    expect(parseTelephoneEvent(writeTelephoneEvent(event))).toEqual(event);
  });

  it("says as long as the field can", () => {
    expect(
      parseTelephoneEvent(writeTelephoneEvent({ digit: "1", end: false, volume: 0, duration: 70000 }))!.duration,
    ).toBe(65535);
  });

  it("says null to events that are no keys (flash), and to too few bytes", () => {
    expect(parseTelephoneEvent(Uint8Array.of(16, 0, 0, 160))).toBeNull();
    expect(parseTelephoneEvent(Uint8Array.of(1, 0, 0))).toBeNull();
  });
});
