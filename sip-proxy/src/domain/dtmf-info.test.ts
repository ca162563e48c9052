import { describe, expect, it } from "@jest/globals";
import { digitOfInfo } from "./dtmf-info.js";

describe("a key that comes as INFO", () => {
  it.each([
    ["Signal=5\r\nDuration=160", "5"],
    ["signal = #\r\n", "#"],
    ["Duration=160\r\nSignal= d", "D"],
    ["Signal=10\r\nDuration=160\r\n", "*"],
    ["Signal=11", "#"],
    ["Signal=15", "D"],
    ["7", "7"],
    [" * \r\n", "*"],
    ["10", "*"],
  ])("[MX-4] is read in %j", (body, digit) => expect(digitOfInfo(body)).toBe(digit));

  it.each(["Signal=16", "Signal=12a", "Signal=55", "Signal=", "hello", "1 2", ""])("[MX-4] is not in %j", (body) =>
    expect(digitOfInfo(body)).toBeNull(),
  );
});
