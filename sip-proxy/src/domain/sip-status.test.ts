import { describe, expect, it } from "@jest/globals";
import {
  failureOfStatus,
  quoted,
  statusLine,
  statusOfEnd,
  statusOfFailure,
  statusOfRefusal,
  warning,
} from "./sip-status.js";

describe("SIP answers", () => {
  it.each([
    ["not-owner", 403],
    ["not-yours", 403],
    ["in-conference", 403],
    ["target-not-answered", 403],
    ["not-found", 404],
    ["target-not-reachable", 480],
    ["busy-with-request", 491],
    ["hold-failed", 503],
    ["media-failed", 503],
    ["internal", 500],
  ] as const)("[CO-11] says %s with %i", (why, status) => {
    expect(statusOfRefusal(why).status).toBe(status);
    expect(statusOfEnd({ refused: why }).status).toBe(status);
  });

  it.each([
    [486, "busy"],
    [600, "busy"],
    [408, "no-answer"],
    [503, "unreachable"],
    [410, "unreachable"],
    [488, "no-common-codec"],
    [603, "declined"],
    [480, "declined"],
  ] as const)("[CO-9] reads a final %i as %s", (status, kind) => {
    expect(failureOfStatus(status).kind).toBe(kind);
  });

  it.each([
    [{ kind: "busy" }, 486],
    [{ kind: "declined", status: 603 }, 603],
    [{ kind: "no-answer" }, 480],
    [{ kind: "unreachable", why: "agent-state" }, 480],
    [{ kind: "no-common-codec" }, 488],
    [{ kind: "internal", message: "" }, 500],
  ] as const)("[SG-4] passes %o on to the line that asked", (failed, status) => {
    expect(statusOfEnd({ failed }).status).toBe(status);
  });

  it("escapes what it quotes, and lets no control character through", () => {
    expect(warning("host", 'a "b" \\')).toBe('399 host "a \\"b\\" \\\\"');
    expect(quoted('Eve\r\nVia: x "<script>"')).toBe('"EveVia: x \\"<script>\\""');
  });

  it("[SG-3] [BT-1] tells a referrer why the transfer failed, in a status line", () => {
    expect(statusLine(statusOfFailure({ kind: "busy" }).status)).toBe("SIP/2.0 486 Busy Here");
    expect(statusLine(statusOfFailure({ kind: "declined", status: 603 }).status)).toBe("SIP/2.0 603 Decline");
    expect(statusLine(statusOfFailure({ kind: "no-answer" }).status)).toBe("SIP/2.0 480 Temporarily Unavailable");
    expect(statusLine(100)).toBe("SIP/2.0 100 Trying");
  });
});
