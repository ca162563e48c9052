/** The ids that name a dialog (RFC 3261 12), as this browser sees them. */
export interface DialogIds {
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  /** The peer's Contact URI, without angle brackets. */
  readonly remoteTarget: string;
}

/**
 * Refer-To that asks for the attended transfer (RFC 5589 7.1). The receiver of the Replaces is the peer of the named
 * dialog, so its to-tag is our remote tag (RFC 3891 3). No display name: one with a quote would need escaping.
 */
export function referToReplacing({ callId, localTag, remoteTag, remoteTarget }: DialogIds): string {
  const replaces = encodeURIComponent(`${callId};to-tag=${remoteTag};from-tag=${localTag}`);
  return `<${remoteTarget}${remoteTarget.includes("?") ? "&" : "?"}Replaces=${replaces}>`;
}

/** Refer-To that asks the focus to take the dialog's party in (RFC 4579 5.6); the method is INVITE unless said. */
export const referToFocus = (focusUri: string): string => `<${focusUri}>`;

/** The status in a message/sipfrag body (RFC 3515 2.4.5), or undefined when there is none to read. */
export function sipfragStatus(body: string): number | undefined {
  const digits = /^\s*SIP\/2\.0 (\d{3})(?:\s|$)/.exec(body)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
