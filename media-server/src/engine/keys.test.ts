import { describe, expect, it } from "@jest/globals";
import type { TelephoneEvent } from "../rtp/telephone-event.js";
import { DtmfSender } from "./dtmf-sender.js";
import { KeyPressDetector, type KeyPress } from "./key-press-detector.js";

const event = (digit: string, duration: number, end = false): TelephoneEvent => ({ digit, duration, end, volume: 10 });

/** Says only which presses ended. */
function detector(): { event(...of: Parameters<KeyPressDetector["event"]>): readonly KeyPress[] } & Pick<
  KeyPressDetector,
  "pressed" | "tick"
> {
  const keys = new KeyPressDetector();
  return {
    event: (...of) => keys.event(...of)?.ended ?? [],
    tick: (nowMs) => keys.tick(nowMs),
    get pressed() {
      return keys.pressed;
    },
  };
}

describe("key presses (RFC 4733)", () => {
  it("[MX-4] are one for all packets of an event, the repeated end included", () => {
    const keys = detector();
    expect(keys.event(event("5", 160), 1000, 8000, 0)).toEqual([]);
    expect(keys.pressed).toBe(true);
    expect(keys.event(event("5", 800, true), 1000, 8000, 80)).toEqual([{ digit: "5", durationMs: 100 }]);
    expect(keys.event(event("5", 800, true), 1000, 8000, 80)).toEqual([]);
    expect(keys.pressed).toBe(false);
    expect(keys.event(event("5", 960, true), 3000, 8000, 200)).toEqual([{ digit: "5", durationMs: 120 }]);
  });

  it("[MX-4] end when their end is lost: by the next press, or after a while", () => {
    const keys = detector();
    keys.event(event("1", 4800), 1000, 48000, 0);
    expect(keys.event(event("2", 960), 9000, 48000, 150)).toEqual([{ digit: "1", durationMs: 100 }]);
    expect(keys.tick(400)).toEqual([]);
    expect(keys.tick(500)).toEqual([{ digit: "2", durationMs: 20 }]);
    expect(keys.tick(900)).toEqual([]);
  });

  it("[MX-4] are counted once when their packets overtake each other", () => {
    const keys = new KeyPressDetector();
    keys.event(event("1", 800, true), 1000, 8000, 0);
    keys.event(event("2", 160), 3000, 8000, 100);
    expect(keys.event(event("1", 800, true), 1000, 8000, 110)).toBeNull();
    expect(keys.event(event("2", 800, true), 3000, 8000, 180)).toMatchObject({ ended: [{ digit: "2" }], start: 3000 });
    expect(keys.event(event("2", 640), 3000, 8000, 181)).toBeNull();
    expect(keys.event(event("1", 800, true), 1000, 8000, 182)).toBeNull();
    expect(keys.pressed).toBe(false);
    // The sender's clock has started anew.
    expect(keys.event(event("3", 160, true), 4294900000, 8000, 300)).toMatchObject({ ended: [{ digit: "3" }] });
  });

  it("[MX-4] that are held for longer than one event can say are one press of several segments", () => {
    const keys = detector();
    expect(keys.event(event("7", 65535), 4294960000, 48000, 1365)).toEqual([]);
    const second = (4294960000 + 65535) % 2 ** 32;
    expect(keys.event(event("7", 960), second, 48000, 1385)).toEqual([]);
    expect(keys.event(event("7", 65535), 4294960000, 48000, 1390)).toEqual([]);
    // The last packet of the second segment was lost.
    expect(keys.event(event("7", 960), second + 65535, 48000, 2750)).toEqual([]);
    expect(keys.event(event("7", 1920, true), second + 65535, 48000, 2770)).toEqual([{ digit: "7", durationMs: 2771 }]);
    // The same key again, without a pause: the first press had an end.
    expect(keys.event(event("7", 960, true), second + 65535 + 1920, 48000, 2790)).toEqual([{ digit: "7", durationMs: 20 }]); // prettier-ignore
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
