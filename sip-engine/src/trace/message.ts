import type { Address, Transport } from "../core/ports.js";
import { bytesOf } from "./octets.js";

/** One SIP message as it crossed the engine's edge. */
export interface TracedMessage {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly direction: "in" | "out";
  readonly transport: Transport;
  /** The engine's address on this path. */
  readonly local: Address;
  readonly remote: Address;
  /** One character per byte; secrets are masked, lengths are as they were. */
  readonly octets: string;
}

/** Octets as text for people: UTF-8 where it is UTF-8, control and formatting characters as `\xNN` so that no peer can steer a terminal. */
export function legible(octets: string): string {
  if (HARMLESS.test(octets)) return octets.replace(/\r\n/g, "\n");
  return new TextDecoder()
    .decode(bytesOf(octets))
    .replace(/\r\n/g, "\n")
    .replace(/(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (c) => `\\x${c.codePointAt(0)!.toString(16).padStart(2, "0")}`);
}

const HARMLESS = /^(?:[\t\n -~]|\r\n)*$/;

/** The same for places that hold printable ASCII only: everything else becomes `?`. */
export function plain(octets: string): string {
  return legible(octets).replace(/[^ -~]/gu, "?");
}
