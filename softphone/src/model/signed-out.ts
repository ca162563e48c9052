import type { SessionEnd } from "@legwork/shared/api";
import { CallPanelError, type SignedOutReason } from "@legwork/shared/call-panel";

/** Null where it was the agent who ended the session; undefined is an end that the server knows nothing of. */
export const signedOutReason = (ended: SessionEnd | undefined): SignedOutReason | null =>
  ended === "signed-out" ? null : (ended ?? "unknown");

/** The server does not know the session: anything else that goes wrong says nothing of it. */
export const isNotSignedIn = (error: unknown): error is CallPanelError =>
  error instanceof CallPanelError && error.code === "not-signed-in";
