/** What subscribers to `presence` and `message-summary` are told. Pure. */
import { element, xmlDocument } from "./xml.js";

/** PIDF (RFC 3863): open means that the agent may be called now; `note` says in a word how they are. */
export const presenceInfo = (entity: string, open: boolean, note: string): string =>
  xmlDocument(
    element(
      "presence",
      { xmlns: "urn:ietf:params:xml:ns:pidf", entity },
      element(
        "tuple",
        { id: "station" },
        element("status", {}, element("basic", {}, open ? "open" : "closed")),
        element("contact", {}, entity),
        element("note", {}, note),
      ),
    ),
  );

/** RFC 3842: there is no mailbox here, and so never a message in it. */
export const emptyMailbox = (account: string): string =>
  `Messages-Waiting: no\r\nMessage-Account: ${account}\r\nVoice-Message: 0/0 (0/0)\r\n`;
