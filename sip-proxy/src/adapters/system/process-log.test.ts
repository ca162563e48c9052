import { describe, expect, it } from "@jest/globals";
import { processLog } from "./process-log.js";

function printed(error: unknown) {
  let line = "";
  processLog("info", { write: (text) => void (line += text) }).error({ error }, "it failed");
  return { line, entry: JSON.parse(line) as { error: unknown; process: string; msg: string } };
}

describe("the log", () => {
  it("[CO-11] says what went wrong and where", () => {
    const { entry } = printed(new TypeError("no such thing", { cause: new Error("a deeper reason") }));
    expect(entry).toMatchObject({
      process: "sip-proxy",
      msg: "it failed",
      error: {
        type: "TypeError",
        message: "no such thing",
        stack: expect.stringContaining("process-log.test"),
        cause: { message: "a deeper reason" },
      },
    });
  });

  it("[CO-11] prints nothing that an error carries along, like a SIP message with its credentials", () => {
    class SipError extends Error {
      readonly status = 407;
      readonly res = { msg: { headers: { authorization: 'Digest response="5ccc069c"' } } };
    }
    const { entry, line } = printed(new SipError("Sip non-success response: 407"));
    expect(entry.error).toEqual({
      type: "SipError",
      message: "Sip non-success response: 407",
      status: 407,
      stack: expect.any(String),
    });
    expect(line).not.toContain("Digest");
  });

  it("takes whatever was thrown", () => {
    const circle = new Error("round and round");
    circle.cause = circle;
    expect(printed(circle).entry.error).toMatchObject({ message: "round and round" });
    expect(["text", null, { secret: "x" }].map((thrown) => printed(thrown).entry.error)).toEqual([
      "text",
      "object",
      "object",
    ]);
  });
});
