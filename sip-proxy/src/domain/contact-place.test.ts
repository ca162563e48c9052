import { describe, expect, it } from "@jest/globals";
import { contactKey, contactMistake, Places, type Place } from "./contact-place.js";
import { trunkSchema } from "./trunk-schema.js";

const trunk = (more: object = {}) =>
  trunkSchema.parse({ name: "carrier", address: "192.0.2.10", port: 5060, inbound: null, ...more });
const taken = (...trunks: ReturnType<typeof trunk>[]) => ({
  trunks,
  domain: "calls.example.com",
  ours: [{ host: "198.51.100.1", port: 5060 }],
});
const phone = (uri: string, trunks = [trunk()]) =>
  contactMistake(uri, { overWebSocket: false, account: "2001" }, taken(...trunks));
const page = (uri: string) => contactMistake(uri, { overWebSocket: true, account: "eva" }, taken(trunk()));

describe("the place of a contact", () => {
  it("is known again by user, host, port and transport (19.1.4), whatever password is written", () => {
    expect(contactKey("sip:2001@PHONE.test;transport=UDP;ob")).toBe(contactKey("SIP:2001@phone.test;transport=udp"));
    expect(contactKey("sip:2001:secret@phone.test")).toBe(contactKey("sip:2001@phone.test"));
    expect(contactKey("sip:2001@[2001:db8::1]:5060")).toBe(contactKey("sip:2001@[2001:DB8::1]:5060;x=y"));
    for (const other of ["sip:2001@phone.test:5060", "sip:2002@phone.test", "sips:2001@phone.test", "sip:phone.test"])
      expect(contactKey(other)).not.toBe(contactKey("sip:2001@phone.test"));
  });

  it("[SG-6] is one account's: with a password or another port it is no other place of a connection", () => {
    const at = (uri: string, connection: boolean): Place => ({ uri, connection });
    const places = new Places();
    places.put("2002", [], [at("sip:2002@10.0.0.7:5060;transport=tcp", true)]);
    for (const uri of ["sip:2002:x@10.0.0.7:5060", "sip:%32002@10.0.0.7", "sip:2002@10.0.0.7:9"]) {
      expect([uri, places.isOfAnother("2001", at(uri, true))]).toEqual([uri, true]);
      expect([uri, places.isOfAnother("2001", at(uri, false))]).toEqual([uri, true]);
      expect(places.isOfAnother("2002", at(uri, true))).toBe(false);
    }
    expect(places.isOfAnother("2001", at("sip:2002@10.0.0.8:5060", true))).toBe(false);
    places.put("2002", [at("sip:2002@10.0.0.7:5060;transport=tcp", true)], [at("sip:phone@10.0.0.7:5061", false)]);
    expect(places.isOfAnother("2001", at("sip:2002@10.0.0.7:5060", true))).toBe(false);
    expect(places.isOfAnother("2001", at("sip:phone@10.0.0.7:5062", false))).toBe(false);
    expect(places.isOfAnother("2001", at("sip:phone@10.0.0.7:5061", false))).toBe(true);
  });
});

describe("a Contact", () => {
  it("[SG-6] [TK-1] is no trunk's: calls to numbers, emergency calls too, would come to who registered it", () => {
    for (const uri of [
      "sip:+4722334455@192.0.2.10:5060",
      "sip:+4722334455:x@192.0.2.10",
      "sip:112@192.0.2.10:9999",
      "sip:%2B4722334455@192.0.2.10:9999;transport=tcp",
      "sip:anything@192.0.2.10",
    ])
      expect([uri, phone(uri)]).toEqual([uri, "Contact is where a trunk is"]);
    expect(phone("sip:112@SIP.Carrier.test.:5062", [trunk({ address: "sip.carrier.test" })])).not.toBeNull();
    const sends = trunk({ inbound: { addresses: ["203.0.113.0/28", "203.0.113.99:5080"] } });
    expect(phone("sip:x@203.0.113.7:40000", [sends])).not.toBeNull();
    expect(phone("sip:x@203.0.113.99:5080", [sends])).not.toBeNull();
    expect(phone("sip:x@203.0.113.99:5081", [sends])).toBeNull();
  });

  it("[SG-6] may be a telephone on the machine that a trunk is on", () => {
    for (const uri of ["sip:phone@192.0.2.10:5070", "sip:2001@192.0.2.10:5070", "sip:2001@192.0.2.11"])
      expect([uri, phone(uri)]).toEqual([uri, null]);
  });

  it("[SG-6] is not where we are", () => {
    for (const uri of ["sip:2001@198.51.100.1", "sip:2001@198.51.100.1:5060", "sip:2001@Calls.Example.com:5099"])
      expect([uri, phone(uri)]).toEqual([uri, "Contact is where this server is"]);
    expect(phone("sip:2001@198.51.100.1:5061")).toBeNull();
  });

  it("[SG-6] [SG-1] of a browser leads back over its WebSocket, and nowhere else (RFC 7118 section 5)", () => {
    expect(page("sip:k3j4@8s7d.invalid;transport=ws")).toBeNull();
    for (const uri of [
      "sip:+4722334455@192.0.2.10:5060",
      "sip:+4722334455@192.0.2.10:5060;transport=ws",
      "sip:x@8s7d.invalid",
      "sip:x@8s7d.invalid;transport=udp;transport=ws",
      "sip:x@8s7d.invalid;transport=ws;maddr=192.0.2.10",
      "sip:x@invalid.example.com;transport=ws",
    ])
      expect([uri, page(uri)]).toEqual([uri, "Contact is no WebSocket client's"]);
    expect(phone("sip:x@8s7d.invalid;transport=ws")).toBe("Contact is a WebSocket client's");
  });
});
