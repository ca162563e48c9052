import { describe, expect, it } from "@jest/globals";
import type { SipRequest } from "../sip/message.js";
import { field } from "../sip/message.js";
import { decodeDecision, parseRule, routingQuery } from "./routing.js";

describe("routing of new requests", () => {
  it("reads rules", () => {
    expect(parseRule("INVITE=http://host/path?x=1")).toEqual({
      method: "invite",
      rule: { type: "ask", post: false, url: "http://host/path?x=1" },
    });
    expect(parseRule("*=POST https://host/")?.rule).toMatchObject({ type: "ask", post: true });
    expect(parseRule("options=tls://10.0.0.1:9023")?.rule).toEqual({
      type: "connect",
      address: { host: "10.0.0.1", port: 9023, tls: true },
    });
    for (const text of ["invite", "invite=ftp://x", "invite=tcp://host", "=http://x"])
      expect(parseRule(text)).toBeNull();
  });

  it("tells a web server what a request is about", () => {
    const request: SipRequest = {
      kind: "request",
      method: "INVITE",
      uri: "sip:100@example.com;tenant=acme",
      headers: [
        field("From", '"A" <sip:alice@x>;tag=1'),
        field("To", "<sip:bob@y>"),
        field("Content-Type", "application/sdp"),
      ],
      body: "",
    };
    expect(Object.fromEntries(routingQuery(request, "udp", "192.0.2.1"))).toEqual({
      method: "INVITE",
      domain: "example.com",
      protocol: "udp",
      source_address: "192.0.2.1",
      fromUser: "alice",
      toUser: "bob",
      uriUser: "100",
      contentType: "application/sdp",
      uri: "sip:100@example.com;tenant=acme",
      tenant: "acme",
    });
  });

  it("decodes every answer", () => {
    expect(decodeDecision({ action: "route", data: { uri: "10.0.0.1:9023;transport=tls" } })).toEqual({
      action: "connect",
      address: { host: "10.0.0.1", port: 9023, tls: true },
    });
    expect(decodeDecision({ action: "route", data: { tag: "t" } })).toEqual({ action: "tag", tag: "t" });
    expect(decodeDecision({ action: "reject", data: { status: 404, reason: "No" } })).toEqual({
      action: "reject",
      status: 404,
      reason: "No",
    });
    expect(decodeDecision({ action: "redirect", data: { contact: ["sip:a", "sip:b"] } })).toMatchObject({
      contacts: ["sip:a", "sip:b"],
    });
    expect(
      decodeDecision({ action: "proxy", data: { destination: "h:5070", recordRoute: true, provisionalTimeout: "2s" } }),
    ).toMatchObject({ options: { destinations: ["sip:h:5070"], recordRoute: true, provisionalTimeout: 2000 } });
  });

  it("makes nothing of nonsense", () => {
    const nonsense: unknown[] = [
      null,
      [],
      "route",
      {},
      { action: "dance" },
      { action: "route" },
      { action: "route", data: { uri: "nowhere" } },
      { action: "reject", data: { status: 200 } },
      { action: "reject", data: { status: "404" } },
      { action: "redirect", data: { contact: [] } },
      { action: "redirect", data: { contact: "sip:a\r\nVia: x" } },
      { action: "proxy", data: {} },
    ];
    for (const answer of nonsense) expect(decodeDecision(answer)).toBeNull();
  });
});
