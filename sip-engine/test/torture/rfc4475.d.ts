/** One torture test message. */
export interface TortureMessage {
  readonly section: string;
  readonly name: string;
  /** A status the engine answers with by itself, `app` for what an app gets, `dropped` for what nobody answers. */
  readonly verdict: string;
  readonly title: string;
  /** Octets, one character each. */
  readonly octets: string;
}
/** The messages of RFC 4475, from `rfc4475.txt` in the RFC's own notation. */
export declare function tortureMessages(): readonly TortureMessage[];
