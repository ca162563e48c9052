/** What the agent has decided of notifications outside the page. W3C Notifications 2; `unsupported`: the browser has none, or not for this page. */
export type NoticePermission = "default" | "granted" | "denied" | "unsupported";

/** A ringing call is shown outside the page where that is allowed and the agent does not look at the page. */
export const showsOutside = (ringing: boolean, permission: NoticePermission, looking: boolean): boolean =>
  ringing && permission === "granted" && !looking;

/** The agent is asked once: until allowed or refused in the browser, or put off here. */
export const asksForNotices = (permission: NoticePermission, putOff: boolean): boolean =>
  permission === "default" && !putOff;
