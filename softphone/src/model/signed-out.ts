import type { SessionEnd } from "@legwork/shared/api";
import type { SignedOutReason } from "@legwork/shared/call-panel";

/** Null where it was the agent who ended the session; undefined is an end that the server knows nothing of. */
export const signedOutReason = (ended: SessionEnd | undefined): SignedOutReason | null =>
  ended === "signed-out" ? null : (ended ?? "unknown");
