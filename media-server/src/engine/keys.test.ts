import { describe, expect, it } from "@jest/globals";
import type { TelephoneEvent } from "../rtp/telephone-event.js";
import { DtmfSender } from "./dtmf-sender.js";
import { KeyPressDetector } from "./key-press-detector.js";

const event = (digit: string, duration: number, end = false): TelephoneEvent => ({ digit, duration, end, volume: 10 });

describe("key presses (RFC 4733)", () => {
  it("[MX-4] are one for all packets of an event, the repeated end included", () => {
    const keys = new KeyPressDetector();
    expect(keys.event(event("5", 160), 1000, 8000, 0)).toEqual([]);
    expect(keys.pressed).toBe(true);
    expect(keys.event(event("5", 800, true), 1000, 8000, 80)).toEqual([{ digit: "5", durationMs: 100 }]);
    expect(keys.event(event("5", 800, true), 1000, 8000, 80)).toEqual([]);
    expect(keys.pressed).toBe(false);
    expect(keys.event(event("5", 960, true), 3000, 8000, 200)).toEqual([{ digit: "5", durationMs: 120 }]);
  });

  it("[MX-4] end when their end is lost: by the next press, or after a while", () => {
    const keys = new KeyPressDetector();
    keys.event(event("1", 4800), 1000, 48000, 0);
    expect(keys.event(event("2", 960), 9000, 48000, 150)).toEqual([{ digit: "1", durationMs: 100 }]);
    expect(keys.tick(400)).toEqual([]);
    expect(keys.tick(500)).toEqual([{ digit: "2", durationMs: 20 }]);
    expect(keys.tick(900)).toEqual([]);
  });
});

describe("digits to send", () => {
  it("[DN-5] last 100 ms with 80 ms between, end three times; a colon is a second of silence", () => {
    const sender = new DtmfSender();
    sender.send("1:2");
    const ticks: string[] = [];
    while (!sender.idle) {
      const step = sender.step(8000);
      ticks.push(
        step === null
          ? "."
          : `${step.event.digit}${step.start ? "!" : ""}${step.event.end ? "E" : ""}${step.event.duration}`,
      );
    }
    const press = (d: string): string[] => [
      `${d}!160`,
      `${d}320`,
      `${d}480`,
      `${d}640`,
      `${d}E800`,
      `${d}E800`,
      `${d}E800`,
      ".",
      ".",
    ];
    expect(ticks).toEqual([...press("1"), ...Array.from({ length: 50 }, () => "."), ...press("2")]);
  });
});
