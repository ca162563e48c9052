import { describe, expect, it } from "@jest/globals";
import type { SipMessage, SipRequest, SipResponse } from "../sip/message.js";
import { parseMessage } from "../sip/parse-message.js";
import {
  answeredInDialog,
  nextSequence,
  notifiedDialog,
  pathOf,
  receiveInDialog,
  uacDialog,
  uasDialog,
} from "./dialog.js";
import type { Dialog } from "./dialog.js";

function parse(...lines: string[]): SipMessage {
  const result = parseMessage(`${lines.join("\r\n")}\r\n\r\n`);
  if (!result.ok) throw new Error(result.problem);
  return result.message;
}

const request = (method: string, ...more: string[]): SipRequest =>
  parse(
    `${method} sip:bob@b.example SIP/2.0`,
    "Via: SIP/2.0/UDP a.example;branch=z9hG4bK1",
    'From: "Alice" <sip:alice@a.example>;tag=at',
    "To: <sip:bob@b.example>",
    "Call-ID: c1",
    `CSeq: 7 ${method}`,
    ...more,
  ) as SipRequest;

const response = (status: number, ...more: string[]): SipResponse =>
  parse(
    `SIP/2.0 ${status} OK`,
    'From: "Alice" <sip:alice@a.example>;tag=at',
    "To: <sip:bob@b.example>;tag=bt",
    "Call-ID: c1",
    "CSeq: 7 INVITE",
    ...more,
  ) as SipResponse;

const ROUTES = ["Record-Route: <sip:p1.example;lr>, <sip:p2.example;lr>", "Record-Route: <sip:p3.example;lr>"];

const RULES = { cseqOrder: "checked", targetRefresh: "followed" } as const;

describe("dialog (RFC 3261 12)", () => {
  it("of a server takes tags, target, route set and sequence from the request", () => {
    const dialog = uasDialog(
      request("INVITE", "Contact: <sip:alice@10.0.0.1:5070>;isfocus", ...ROUTES),
      "lt",
      "<sip:us>",
    );
    expect(dialog).toEqual({
      id: "c1;from-tag=at",
      role: "uas",
      method: "INVITE",
      callId: "c1",
      localTag: "lt",
      remoteTag: "at",
      local: "<sip:bob@b.example>;tag=lt",
      remote: '"Alice" <sip:alice@a.example>;tag=at',
      localSeq: 7,
      remoteSeq: 7,
      target: "sip:alice@10.0.0.1:5070",
      routes: ["<sip:p1.example;lr>", "<sip:p2.example;lr>", "<sip:p3.example;lr>"],
      contact: "<sip:us>",
    });
  });

  it("of a client takes the route set of the response in reverse", () => {
    const dialog = uacDialog(
      request("INVITE", "Contact: <sip:us>"),
      response(200, "Contact: sip:bob@10.0.0.2", ...ROUTES),
    );
    expect(dialog).toMatchObject({
      id: "c1;from-tag=at",
      role: "uac",
      localTag: "at",
      remoteTag: "bt",
      localSeq: 7,
      remoteSeq: null,
      target: "sip:bob@10.0.0.2",
      routes: ["<sip:p3.example;lr>", "<sip:p2.example;lr>", "<sip:p1.example;lr>"],
      contact: "<sip:us>",
    });
  });

  it("of a client survives an answer without Contact, so that it can be acknowledged", () => {
    expect(uacDialog(request("INVITE"), response(200))?.target).toBe("sip:bob@b.example");
  });

  it("may be made by a NOTIFY that overtakes the answer to SUBSCRIBE (RFC 6665)", () => {
    const notify = parse(
      "NOTIFY sip:us SIP/2.0",
      "From: <sip:bob@b.example>;tag=nt",
      "To: <sip:alice@a.example>;tag=at",
      "Call-ID: c1",
      "CSeq: 1 NOTIFY",
      "Contact: <sip:bob@10.0.0.3>",
    ) as SipRequest;
    expect(notifiedDialog(request("SUBSCRIBE"), notify)).toMatchObject({ remoteTag: "nt", target: "sip:bob@10.0.0.3" });
  });

  const established = (): Dialog => uasDialog(request("INVITE", "Contact: <sip:alice@10.0.0.1>"), "lt", "")!;

  it("refreshes the target by re-INVITE, UPDATE and 2xx, and by nothing else", () => {
    for (const method of ["INVITE", "UPDATE", "NOTIFY", "SUBSCRIBE", "REFER"]) {
      const next = receiveInDialog(established(), request(method, "Contact: <sip:alice@10.0.0.9>"), 8, RULES);
      expect(next).toMatchObject({ target: "sip:alice@10.0.0.9", remoteSeq: 8 });
    }
    expect(receiveInDialog(established(), request("INFO", "Contact: <sip:x@y>"), 8, RULES)).toMatchObject({
      target: "sip:alice@10.0.0.1",
    });
    expect(answeredInDialog(established(), "INVITE", response(200, "Contact: <sip:n@w>"), RULES).target).toBe(
      "sip:n@w",
    );
    expect(answeredInDialog(established(), "INVITE", response(491, "Contact: <sip:n@w>"), RULES).target).toBe(
      "sip:alice@10.0.0.1",
    );
    expect(answeredInDialog(established(), "BYE", response(200, "Contact: <sip:n@w>"), RULES).target).toBe(
      "sip:alice@10.0.0.1",
    );
  });

  it("refuses a request that is older than the last (12.2.2)", () => {
    expect(receiveInDialog(established(), request("INFO"), 6, RULES)).toEqual({ refuse: 500 });
    expect(receiveInDialog(established(), request("INFO"), 7, RULES)).toMatchObject({ remoteSeq: 7 });
  });

  it("numbers its own requests one by one", () => {
    expect(nextSequence(nextSequence(established())).localSeq).toBe(9);
  });

  it("routes by target, by loose route, and by strict route (12.2.1.1)", () => {
    const dialog = established();
    expect(pathOf(dialog)).toEqual({ requestUri: dialog.target, routes: [], nextHop: dialog.target });
    const loose = { ...dialog, routes: ["<sip:p1;lr>", "<sip:p2;lr>"] };
    expect(pathOf(loose)).toEqual({ requestUri: dialog.target, routes: loose.routes, nextHop: "sip:p1;lr" });
    const strict = { ...dialog, routes: ["<sip:p1>", "<sip:p2;lr>"] };
    expect(pathOf(strict)).toEqual({
      requestUri: "sip:p1",
      routes: ["<sip:p2;lr>", `<${dialog.target}>`],
      nextHop: "sip:p1",
    });
  });
});
