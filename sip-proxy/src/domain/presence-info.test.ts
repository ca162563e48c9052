import { describe, expect, it } from "@jest/globals";
import { emptyMailbox, presenceInfo } from "./presence-info.js";

describe("presence (RFC 3863) and mailboxes (RFC 3842)", () => {
  it("[SG-7] says open or closed, with a word about it", () => {
    expect(presenceInfo("sip:anna@legwork.test", true, "available")).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\r\n' +
        '<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:anna@legwork.test"><tuple id="station">' +
        "<status><basic>open</basic></status><contact>sip:anna@legwork.test</contact><note>available</note></tuple></presence>\r\n",
    );
    expect(presenceInfo("sip:anna@legwork.test", false, "offline")).toContain("<basic>closed</basic>");
  });

  it("[SG-7] says that no message waits", () => {
    expect(emptyMailbox("sip:2001@legwork.test")).toBe(
      "Messages-Waiting: no\r\nMessage-Account: sip:2001@legwork.test\r\nVoice-Message: 0/0 (0/0)\r\n",
    );
  });
});
