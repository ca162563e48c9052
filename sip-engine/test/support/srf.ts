import type { Server } from "node:net";
import Srf from "drachtio-srf";

/** What the tests use of drachtio-srf. Its own declarations know neither `register` nor options of a request. */
export interface SrfApp {
  on(event: "connect", listener: (error: Error | null) => void): void;
  connect(options: { host: string; port: number; secret: string; tls?: { rejectUnauthorized: boolean } }): void;
  listen(options: { server: Server; secret: string }): void;
  endSession(req: SrfRequest): void;
  disconnect(): void;
  invite(handler: Handler): void;
  register(handler: Handler): void;
  message(handler: Handler): void;
  options(handler: Handler): void;
  createUAS(req: SrfRequest, res: SrfResponse, options: SrfOptions): Promise<SrfDialog>;
  createUAC(uri: string, options: SrfOptions, progress?: Progress): Promise<SrfDialog>;
}

type Handler = (req: SrfRequest, res: SrfResponse) => void;

export interface SrfOptions {
  readonly localSdp?: string;
  readonly callingNumber?: string;
  readonly headers?: Record<string, string>;
}

export interface Progress {
  readonly cbRequest?: (error: unknown, request: SrfRequest) => void;
  readonly cbProvisional?: (response: SrfResponse) => void;
}

export interface SrfRequest {
  readonly body: string;
  get(header: string): string;
  on(event: "cancel", listener: () => void): void;
  cancel(): void;
}

export interface SrfResponse {
  readonly status: number;
  readonly body: string;
  /** @param sent called when the engine has told what it sent */
  send(status: number, options?: { body?: string; headers?: Record<string, string> }, sent?: () => void): void;
}

export interface SrfDialog {
  on(event: "destroy", listener: () => void): void;
  on(event: "modify" | "refer", listener: Handler): void;
  request(options: { method: string; headers?: Record<string, string>; body?: string }): Promise<SrfResponse>;
  destroy(): Promise<unknown>;
}

/** A real, unmodified drachtio-srf. */
export function newSrf(): SrfApp {
  return new Srf() as unknown as SrfApp;
}
