import type { ControlEvent, ControlRequestBody, MediaDump } from "@legwork/shared/control";
import type { Outcome } from "./leg-session.js";

/** The requests that a media thread carries out; `hello` is the control server's own. */
export type ThreadRequestBody = Exclude<ControlRequestBody, { type: "hello" }>;

export interface ThreadRequest {
  readonly id: number;
  readonly body: ThreadRequestBody;
}

export type ThreadDump = MediaDump["threads"][number];

/** What a thread answers; `dump` has a result of its own. */
export type ThreadReply = Outcome | { readonly ok: true; readonly dump: ThreadDump };

export type FromThread =
  | { readonly kind: "ready" }
  | { readonly kind: "reply"; readonly id: number; readonly reply: ThreadReply }
  | { readonly kind: "event"; readonly event: ControlEvent }
  | {
      readonly kind: "log";
      readonly level: "info" | "warn" | "error";
      readonly fields: Readonly<Record<string, unknown>>;
      readonly message: string;
    };

/** What a thread is started with. */
export interface ThreadStart {
  readonly thread: number;
  readonly listen: readonly { readonly ip: string; readonly announced: string }[];
  readonly rtp: { readonly ip: string; readonly announced: string };
  readonly ports: { readonly min: number; readonly max: number };
  /** Folder of WAV files, or null for the built-in music. */
  readonly musicFolder: string | null;
}
