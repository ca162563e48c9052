/** The part of drachtio-srf that is used here, with the types it has at run time (its own declarations leave some out). */
import type { EventEmitter } from "node:events";
import { userOf } from "../../domain/sip-uri.js";
import { shownText } from "../../domain/shown-text.js";
import type { Log } from "../../ports/log.js";

/** 64 T1 (RFC 3261 section 17): by then a request or an answer is here, or is given up. Milliseconds. */
export const TIMEOUT_MS = 32_000;

export type Headers = Readonly<Record<string, string>>;

export interface SrfMessage {
  readonly body?: string;
  readonly source_address: string;
  readonly source_port: number | string;
  get(name: string): string | undefined;
  has(name: string): boolean;
  getParsedHeader(
    name: "contact",
  ): readonly { readonly uri: string; readonly params?: Readonly<Record<string, string>> }[];
  getParsedHeader(name: "from" | "to"): {
    readonly uri: string;
    readonly name?: string;
    readonly params?: Readonly<Record<string, string>>;
  };
}

export interface SrfRequest extends SrfMessage {
  readonly method: string;
  readonly uri: string;
  readonly protocol: string; // `udp` or `tcp`: of a WebSocket, too, `tcp`
  /** Of a request outside a dialog: the address and port of the engine's that it came in on. */
  readonly receivedOn?: string;
  on(event: "cancel", listener: () => void): void;
  on(event: "response", listener: (res: SrfMessage & { readonly status: number }) => void): void;
  cancel(callback: (error: unknown) => void): void;
}

export interface SrfResponse extends SrfMessage {
  readonly status: number;
  send(status: number, opts?: { headers?: Headers; body?: string }, callback?: (error: unknown) => void): void;
  send(status: number, reason: string, opts?: { headers?: Headers; body?: string }): void;
}

export type InDialogMethod =
  "publish" | "subscribe" | "modify" | "refer" | "info" | "message" | "update" | "notify" | "options";

export interface SrfDialog extends EventEmitter {
  /** False once a BYE went either way. */
  readonly connected: boolean;
  readonly sip: { readonly callId: string; readonly localTag: string; readonly remoteTag: string };
  /** The final response to our INVITE; of a call that came to us there is none. */
  readonly res?: SrfMessage;
  readonly remote: { readonly sdp: string };
  readonly local: { readonly contact: string };
  request(opts: {
    method: string;
    headers?: Headers;
    body?: string;
  }): Promise<SrfMessage & { readonly status: number }>;
  destroy(opts?: { headers?: Headers }): Promise<unknown>;
  on(event: "destroy", listener: () => void): this;
  on(event: "ack" | "unsubscribe", listener: (req: SrfRequest) => void): this;
  on(event: InDialogMethod, listener: (req: SrfRequest, res: SrfResponse) => void): this;
}

export interface UacError extends Error {
  readonly status?: number;
  readonly res?: SrfMessage;
}

/** The engine's own answer, for want of one: nothing is at the other end, or nobody there says anything (RFC 3261 section 8.1.3.1). */
export const isNobodyThere = (status: number, res: Pick<SrfMessage, "source_address"> | undefined): boolean =>
  (status === 408 || status === 410 || status === 503) && !res?.source_address;

export type Handler = (req: SrfRequest, res: SrfResponse) => void;

export interface SrfApi extends EventEmitter {
  connect(opts: { host: string; port: number; secret: string }): void;
  disconnect(): void;
  invite(handler: Handler): void;
  register(handler: Handler): void;
  options(handler: Handler): void;
  subscribe(handler: Handler): void;
  message(handler: Handler): void;
  notify(handler: Handler): void;
  info(handler: Handler): void;
  publish(handler: Handler): void;
  /** One request outside any dialog; its answer comes as the request's "response". */
  request(
    uri: string,
    opts: { method: string; headers?: Headers; proxy?: string },
    callback: (error: unknown, req?: SrfRequest) => void,
  ): void;
  /** 200 to an INVITE, 202 to a SUBSCRIBE. */
  createUAS(req: SrfRequest, res: SrfResponse, opts: { localSdp?: string; headers?: Headers }): Promise<SrfDialog>;
  createUAC(
    uri: string,
    opts: { localSdp: string; headers?: Headers; proxy?: string; auth?: { username: string; password: string } },
    progress: { cbRequest(error: unknown, req?: SrfRequest): void; cbProvisional?(res: SrfMessage): void },
  ): Promise<SrfDialog>;
}

/** Who a request says it is from; null when the header cannot be read (drachtio-srf's parser throws on some). */
export function callerOf(req: SrfRequest): { readonly user: string; readonly name: string } | null {
  try {
    const { uri, name = "" } = req.getParsedHeader("from");
    const quoted = /^"(.*)"$/.exec(name.trim())?.[1]?.replace(/\\(.)/g, "$1");
    return { user: userOf(uri), name: shownText(quoted ?? name) };
  } catch {
    return null;
  }
}

/** A handler that harms nobody else when it fails: the request gets a 500, and the log the reason. */
export const guarded =
  (handle: (req: SrfRequest, res: SrfResponse) => void | Promise<void>, failed: (error: unknown) => void): Handler =>
  (req, res) => {
    void (async () => handle(req, res))().catch((error: unknown) => {
      failed(error);
      res.send(500);
    });
  };

/** Ends a dialog of ours. */
export async function bye(dialog: SrfDialog, log: Log): Promise<void> {
  try {
    await dialog.destroy();
  } catch {
    log.debug({}, "the dialog was gone before our BYE"); // closing may swallow: there is nothing left to end
  }
}
