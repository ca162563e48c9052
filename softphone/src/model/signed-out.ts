import type { Notice } from "@legwork/shared/api";
import type { SignedOutReason } from "@legwork/shared/call-panel";

const REASONS: Readonly<Partial<Record<Notice["kind"], SignedOutReason>>> = {
  "signed-out-elsewhere": "elsewhere",
};

/** The notices that end the session. */
export const signedOutBy = (notice: Notice): SignedOutReason | undefined => REASONS[notice.kind];
