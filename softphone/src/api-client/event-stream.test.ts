import { describe, expect, it } from "@jest/globals";
import { isApiError, isDesktop, isSession, parseJson, sessionEndIn } from "./decode.js";
import { StreamParser } from "./event-stream.js";

const TEXT = 'id: 7\r\nevent: desktop\r\ndata: {"a":\r\ndata: 1}\r\n\r\n: a comment\n\nevent: notice\ndata: x\n\n';
const MESSAGES = [
  { event: "desktop", data: '{"a":\n1}' },
  { event: "notice", data: "x" },
];

describe("the event stream", () => {
  it("gives the same messages whatever the chunks", () => {
    for (let size = 1; size <= TEXT.length; size++) {
      const parser = new StreamParser();
      const chunks = TEXT.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
      expect(chunks.flatMap((chunk) => parser.push(chunk))).toEqual(MESSAGES);
      expect(parser.lastId).toBe("7");
    }
  });

  it("forgets half an event when the stream broke, and remembers the last id", () => {
    const parser = new StreamParser();
    parser.push("id: 3\ndata: one\n\ndata: half");
    parser.restart();
    expect(parser.push("data: two\n\n")).toEqual([{ event: "message", data: "two" }]);
    expect(parser.lastId).toBe("3");
  });

  it("[DF-11] asks again for an event of which it has only the id, whole data and no end", () => {
    const parser = new StreamParser();
    parser.push("id: 3\ndata: one\n\nid: 4\ndata: two\n");
    expect(parser.lastId).toBe("3");
    parser.restart();
    expect(parser.push("data: again\n\n")).toEqual([{ event: "message", data: "again" }]);
    expect(parser.lastId).toBe("3");
    parser.push("id: 4\n\n"); // an event without data moves the id on, too (HTML 9.2.6)
    expect(parser.lastId).toBe("4");
  });

  it("is not stopped by garbage", () => {
    const parser = new StreamParser();
    expect(parser.push("nonsense\n:::\n\n\n\nid: a\0b\n")).toEqual([]);
    expect(parser.lastId).toBe("");
  });
});

describe("why a session ended", () => {
  it("[AG-2] is read from the stream's last event and from an error, and is nothing else", () => {
    expect(sessionEndIn({ ended: "taken-over" })).toBe("taken-over");
    expect(sessionEndIn({ error: { code: "not-signed-in", message: "m", ended: "disabled" } })).toBe("disabled");
    for (const other of [undefined, null, {}, { ended: 7 }, { ended: "toString" }, { error: { code: "csrf" } }]) {
      expect(sessionEndIn(other)).toBeUndefined();
    }
  });
});

describe("answers that are not the server's", () => {
  it("are told apart from its own", () => {
    for (const text of ["", "<html>", "null", "[]", "3", '{"error":"no"}']) {
      const value = parseJson(text);
      expect([isApiError(value), isDesktop(value), isSession(value)]).toEqual([false, false, false]);
    }
    expect(isApiError(parseJson('{"error":{"code":"csrf","message":"m"}}'))).toBe(true);
  });
});
