import { describe, expect, it } from "@jest/globals";
import type { InteractionView } from "@legwork/shared/api";
import { conferenceInfo } from "./conference-info.js";

const seat = (id: string, role: string, label: string, status: string) => ({ seat: id, role, label, status });
const view = (...seats: object[]) => ({ focusUri: "sip:focus-i-1@legwork.test", seats }) as unknown as InteractionView;

describe("who is in an interaction (RFC 4575)", () => {
  it("[SG-7] has the shape of the RFC's schema: entity, full state, version, count, users with roles and endpoints", () => {
    const document = conferenceInfo(
      view(seat("s-1", "customer", "Kari", "on-hold"), seat("s-2", "owner", "Anna", "talking")),
      "legwork.test",
      3,
    );
    expect(document).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\r\n' +
        '<conference-info xmlns="urn:ietf:params:xml:ns:conference-info" entity="sip:focus-i-1@legwork.test" state="full" version="3">' +
        "<conference-state><user-count>2</user-count><active>true</active></conference-state>" +
        '<users state="full">' +
        '<user entity="sip:s-1@legwork.test" state="full"><display-text>Kari</display-text><roles><entry>customer</entry></roles>' +
        '<endpoint entity="sip:s-1@legwork.test" state="full"><status>on-hold</status></endpoint></user>' +
        '<user entity="sip:s-2@legwork.test" state="full"><display-text>Anna</display-text><roles><entry>owner</entry></roles>' +
        '<endpoint entity="sip:s-2@legwork.test" state="full"><status>connected</status></endpoint></user>' +
        "</users></conference-info>\r\n",
    );
  });

  it("[SG-7] does not count who is only being called", () => {
    const document = conferenceInfo(
      view(seat("s-1", "customer", "Kari", "waiting"), seat("s-2", "consulted", "Bo", "ringing")),
      "legwork.test",
      0,
    );
    expect(document).toContain("<user-count>1</user-count>");
    expect(document).toContain("<status>alerting</status>");
  });

  it("[SG-5] [SG-7] takes names for what they are: text", () => {
    const hostile = `</display-text><user entity="sip:root"/>&xxe;"'\u0000\u001f\ud800\u2028]]>😀`;
    const document = conferenceInfo(view(seat("s-1", "customer", hostile, "talking")), "legwork.test", 0);
    expect(document).toContain(
      "<display-text>&lt;/display-text&gt;&lt;user entity=&quot;sip:root&quot;/&gt;&amp;xxe;&quot;&apos;\ufffd\ufffd\ufffd\u2028]]&gt;😀</display-text>",
    );
    expect(document.match(/<user /g)).toHaveLength(1);
  });
});
