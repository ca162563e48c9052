import { describe, expect, it } from "@jest/globals";
import { decodeCommand } from "./command.js";

describe("decodeCommand", () => {
  it("reads each command of the protocol", () => {
    expect(decodeCommand("1|authenticate|cymru|a,b")).toEqual({
      type: "authenticate",
      id: "1",
      secret: "cymru",
      tags: ["a", "b"],
    });
    expect(decodeCommand("1|authenticate|cymru|")).toMatchObject({ tags: [] });
    expect(decodeCommand("1|route|invite")).toEqual({ type: "route", id: "1", verb: "invite" });
    expect(decodeCommand("1|remove_route|CDR:stop")).toEqual({ type: "removeRoute", id: "1", verb: "cdr:stop" });
    expect(decodeCommand("1|ping")).toEqual({ type: "ping", id: "1" });
  });

  it("tells responses, requests, in-dialog requests and CANCEL apart", () => {
    const sip = "X sip:a@b SIP/2.0\r\n\r\n";
    expect(decodeCommand("1|sip|t|\r\nSIP/2.0 200 OK\r\n\r\n")).toMatchObject({ type: "respond", transactionId: "t" });
    expect(decodeCommand(`1|sip||\r\n${sip}`)).toEqual({ type: "request", id: "1", nextHop: null, sip });
    expect(decodeCommand(`1|sip|||sip:proxy\r\n${sip}`)).toMatchObject({ nextHop: "sip:proxy" });
    expect(decodeCommand(`1|sip||c;from-tag=f\r\n${sip}`)).toMatchObject({
      type: "requestInDialog",
      dialogId: "c;from-tag=f",
    });
    expect(decodeCommand(`1|sip|t|\r\n${sip}`)).toMatchObject({ type: "cancel", transactionId: "t" });
  });

  it("reads proxy orders with their times", () => {
    const command = decodeCommand(
      "1|proxy|t|remainInDialog|fullResponse||simultaneous|500ms|2s|sip:a|sip:b\r\nINVITE sip:a SIP/2.0",
    );
    expect(command).toMatchObject({
      type: "proxy",
      transactionId: "t",
      recordRoute: true,
      fullResponse: true,
      followRedirects: false,
      simultaneous: true,
      provisionalTimeout: 500,
      finalTimeout: 2000,
      destinations: ["sip:a", "sip:b"],
    });
    expect(decodeCommand("1|proxy|t|||||||sip:a\r\n")).toMatchObject({ provisionalTimeout: null, finalTimeout: null });
  });

  it("reports what is no command", () => {
    expect(decodeCommand("")).toMatchObject({ type: "invalid", id: null });
    expect(decodeCommand("1|dance")).toMatchObject({ type: "invalid", id: "1" });
    expect(decodeCommand("1|route|")).toMatchObject({ type: "invalid" });
    expect(decodeCommand("1|sip||\r\nSIP/2.0 200 OK")).toMatchObject({ reason: "transaction id missing" });
    expect(decodeCommand("1|sip||")).toMatchObject({ reason: "sip message missing" });
  });
});
