import type { AgentStateView, InteractionView, Notice, Session, WrapUpView } from "../api/index.js";
import type { Connection } from "./connection.js";

/** One call of the agent as the event left it; `before`: as it was. */
interface CallChange {
  readonly call: InteractionView;
  readonly before: InteractionView;
}

/**
 * What a page that hosts the panel may want to act on, each told once. An event comes after `state` shows it; several from
 * one change come in the order in which they stand here.
 */
export interface CallPanelEvents {
  /** Signed in, or the session of the cookie was taken up again. */
  "signed-in": { readonly agent: Session["agent"] };
  "connection-changed": { readonly connection: Connection; readonly before: Connection };
  "agent-state-changed": { readonly state: AgentStateView; readonly before: AgentStateView | null };
  /** A call rings at this agent's station: the customer's name and number are in it, with queue and entry point. */
  "call-offered": { readonly call: InteractionView };
  /** The agent has answered an offer, or calls somebody (`phase` is then `dialling`); after a reload: has this call already. */
  "call-started": { readonly call: InteractionView };
  /** The phase, the agent's part in it, or how far a consult has got has changed. */
  "call-changed": CallChange;
  /**
   * The agent has no part in the call any more, whoever ended it and whether or not others talk on. `call`: as it was last. Not told
   * when the session ends here: its call goes on elsewhere.
   */
  "call-ended": { readonly call: InteractionView };
  "wrap-up-opened": { readonly wrapUp: WrapUpView };
  "wrap-up-closed": { readonly wrapUp: WrapUpView };
  /** Something that does not show in the state. */
  notice: Notice;
}

export type CallPanelEvent = keyof CallPanelEvents;

/** An event with its name. */
export type CallPanelNews = {
  readonly [Type in CallPanelEvent]: { readonly type: Type; readonly event: CallPanelEvents[Type] };
}[CallPanelEvent];
