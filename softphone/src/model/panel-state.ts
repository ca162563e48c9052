import type { Desktop } from "@legwork/shared/api";
import type {
  CallPanelCommand,
  CallPanelState,
  CallQuality,
  Connection,
  SignedOutReason,
} from "@legwork/shared/call-panel";
import { type LegView, sidesOf } from "./leg-view.js";

/** `new`: it was never up, and no try has failed yet. `since`: this browser's clock, in ms. */
interface Link {
  readonly state: "new" | "up" | "down";
  readonly since: number;
}

/** Facts about this browser's links to the server. `phone` is null when the station is a desk phone. */
interface Links {
  readonly session: "none" | "opening" | "open";
  /** Why there is none, where it was not the agent who ended it. */
  readonly ended: SignedOutReason | null;
  readonly events: Link;
  readonly phone: Link | null;
}

/** All that the panel knows; `view` reads the public state off it. */
export interface PanelModel {
  readonly links: Links;
  readonly desktop: Desktop | null;
  /** The interaction in which the agent has muted the microphone: it stays so until that is over, whatever becomes of the legs. */
  readonly mutedIn: string | null;
  readonly ringing: { readonly callId: string; readonly from: string } | null;
  readonly legs: readonly LegView[];
  readonly pending: readonly CallPanelCommand[];
  readonly clockOffsetMs: number;
  /** By Call-ID. */
  readonly qualities: ReadonlyMap<string, CallQuality>;
}

/** Times are this browser's clock, in ms. */
export type PanelEvent =
  | { readonly type: "sessionOpening" }
  /** Not refused: the server or a part of the page could not be reached, and it will be tried again. */
  | { readonly type: "openingFailed"; readonly at: number }
  /** `mutedIn`: as it was kept from before. */
  | {
      readonly type: "sessionOpened";
      readonly station: "browser" | "extension";
      readonly mutedIn: string | null;
      readonly at: number;
    }
  | { readonly type: "sessionClosed"; readonly why: SignedOutReason | null }
  | { readonly type: "otherTabChanged"; readonly open: boolean }
  | { readonly type: "eventsChanged"; readonly up: boolean; readonly at: number }
  | { readonly type: "phoneChanged"; readonly up: boolean; readonly at: number }
  | { readonly type: "desktopArrived"; readonly desktop: Desktop; readonly serverNow: number; readonly at: number }
  | { readonly type: "legsChanged"; readonly legs: readonly LegView[] }
  | { readonly type: "ringingChanged"; readonly ringing: PanelModel["ringing"] }
  | { readonly type: "qualityChanged"; readonly qualities: PanelModel["qualities"] }
  | { readonly type: "muteChanged"; readonly muted: boolean }
  | { readonly type: "commandStarted"; readonly command: CallPanelCommand }
  | { readonly type: "commandSettled"; readonly command: CallPanelCommand };

export const initialModel: PanelModel = {
  links: { session: "none", ended: null, events: { state: "new", since: 0 }, phone: null },
  desktop: null,
  mutedIn: null,
  ringing: null,
  legs: [],
  pending: [],
  clockOffsetMs: 0,
  qualities: new Map(),
};

/** The next model. */
export function reduce(model: PanelModel, event: PanelEvent): PanelModel {
  switch (event.type) {
    case "sessionOpening":
      return { ...model, links: { ...initialModel.links, session: "opening" } };
    case "openingFailed": {
      const before = model.links.session === "opening" ? model.links.events : initialModel.links.events;
      const events = changed(before, { up: false, at: event.at });
      return { ...initialModel, links: { ...initialModel.links, session: "opening", events }, pending: model.pending };
    }
    case "sessionOpened": {
      const link: Link = { state: "new", since: event.at };
      return {
        ...model,
        mutedIn: event.mutedIn,
        links: { session: "open", ended: null, events: link, phone: event.station === "browser" ? link : null },
      };
    }
    case "sessionClosed":
      if (model.links.session === "none") return model; // the first reason is the reason
      return { ...initialModel, links: { ...initialModel.links, ended: event.why }, pending: model.pending };
    case "otherTabChanged":
      return withOtherTab(model, event.open);
    case "eventsChanged":
      return { ...model, links: { ...model.links, events: changed(model.links.events, event) } };
    case "phoneChanged":
      if (!model.links.phone) return model;
      return { ...model, links: { ...model.links, phone: changed(model.links.phone, event) } };
    case "desktopArrived":
      return {
        ...model,
        desktop: event.desktop,
        clockOffsetMs: event.serverNow - event.at,
        mutedIn: event.desktop.interaction?.id === model.mutedIn ? model.mutedIn : null,
      };
    case "legsChanged":
      return { ...model, legs: event.legs };
    case "ringingChanged":
      return { ...model, ringing: event.ringing };
    case "qualityChanged":
      return { ...model, qualities: event.qualities };
    case "muteChanged":
      return { ...model, mutedIn: (event.muted && model.desktop?.interaction?.id) || null };
    case "commandStarted":
      return { ...model, pending: [...model.pending, event.command] };
    case "commandSettled":
      return { ...model, pending: without(model.pending, event.command) };
  }
}

/** Only where the other tab is why there is no session here. */
function withOtherTab(model: PanelModel, open: boolean): PanelModel {
  const { ended } = model.links;
  const now = open ? "other-tab" : "other-tab-closed";
  if ((ended !== "other-tab" && ended !== "other-tab-closed") || ended === now) return model;
  return { ...model, links: { ...model.links, ended: now } };
}

function changed(link: Link, event: { readonly up: boolean; readonly at: number }): Link {
  const state = event.up ? "up" : "down";
  return link.state === state ? link : { state, since: event.at };
}

function without<T>(list: readonly T[], item: T): readonly T[] {
  const at = list.indexOf(item);
  return at < 0 ? list : list.toSpliced(at, 1);
}

/** The state that the page sees. */
export function view(model: PanelModel): CallPanelState {
  return {
    connection: connectionOf(model),
    desktop: model.desktop,
    muted: model.mutedIn !== null && model.desktop?.interaction?.id === model.mutedIn,
    incoming: model.ringing && { from: model.ringing.from },
    pending: model.pending,
    clockOffsetMs: model.clockOffsetMs,
    quality: qualityOf(model),
  };
}

function qualityOf({ legs, desktop, qualities }: PanelModel): CallPanelState["quality"] {
  const sides = sidesOf(legs, desktop?.interaction?.legs ?? []);
  const customer = qualities.get(sides.customer?.callId ?? "");
  const consult = qualities.get(sides.consult?.callId ?? "");
  return { ...(customer && { customer }), ...(consult && { consult }) };
}

function connectionOf({ links, desktop }: PanelModel): Connection {
  if (links.session === "none") return { kind: "signed-out", why: links.ended };
  const { events, phone } = links;
  if (events.state === "down") return { kind: "lost", what: "events", since: events.since };
  if (links.session === "opening" || desktop === null) return { kind: "connecting" };
  if (phone?.state === "down") return { kind: "lost", what: "sip", since: phone.since };
  return { kind: events.state === "new" || phone?.state === "new" ? "connecting" : "ready" };
}
