import { CallPanelError } from "@legwork/shared/call-panel";

/** The code under `errors` in the locales for whatever a command rejected with. */
export const codeOf = (error: unknown): CallPanelError["code"] =>
  error instanceof CallPanelError ? error.code : "internal";
