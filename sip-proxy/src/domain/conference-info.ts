/** Who is in an interaction, for subscribers to `conference` at its focus (RFC 4575). Pure. */
import type { InteractionView } from "@legwork/shared/api";
import { element, xmlDocument, type Element } from "./xml.js";

type SeatView = InteractionView["seats"][number];

const STATUS = { ringing: "alerting", talking: "connected", "on-hold": "on-hold", waiting: "connected" } as const;

/**
 * `view`: the interaction as the subscriber's own desktop shows it, so nobody learns more here. Seats have URIs of their own, which name no
 * number; told in full each time.
 */
export function conferenceInfo(view: InteractionView, domain: string, version: number): string {
  const { focusUri, seats } = view;
  const count = seats.filter((seat) => seat.status !== "ringing").length;
  return xmlDocument(
    element(
      "conference-info",
      {
        xmlns: "urn:ietf:params:xml:ns:conference-info",
        entity: focusUri,
        state: "full",
        version: String(version),
      },
      element("conference-state", {}, element("user-count", {}, String(count)), element("active", {}, "true")),
      element("users", { state: "full" }, ...seats.map((seat) => user(seat, domain))),
    ),
  );
}

function user(seat: SeatView, domain: string): Element {
  const entity = `sip:${seat.seat}@${domain}`;
  return element(
    "user",
    { entity, state: "full" },
    element("display-text", {}, seat.label),
    element("roles", {}, element("entry", {}, seat.role)),
    element("endpoint", { entity, state: "full" }, element("status", {}, STATUS[seat.status])),
  );
}
