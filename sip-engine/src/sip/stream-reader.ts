export type StreamEvent =
  | { readonly type: "message"; readonly octets: string }
  /** Double CRLF between messages: the peer's keep-alive, to be answered with CRLF (RFC 5626 3.5.1). */
  | { readonly type: "ping" }
  /** The stream has lost its message boundaries and must be closed; `octets` is what led there. */
  | { readonly type: "broken"; readonly problem: "oversize" | "content-length"; readonly octets: string };

const LENGTH = /^(?:content-length|l)[ \t]*:[ \t]*([^\r\n]*?)[ \t]*\r?$/im;
const BLANK = /^[\r\n]+/;

/** Cuts a TCP stream into SIP messages by Content-Length (RFC 3261 18.3). */
export class StreamReader {
  #pending = "";
  /** Bytes a message still lacks: spares searching its head again for every chunk of a long body. */
  #wanted = 0;
  /** Nothing that follows a broken message can be told from its body. */
  #lost = false;
  readonly #maxHead: number;
  readonly #maxMessage: number;

  constructor(maxHead = 65_536, maxMessage = 2 * 1024 * 1024) {
    this.#maxHead = maxHead;
    this.#maxMessage = maxMessage;
  }

  push(octets: string): StreamEvent[] {
    if (this.#lost) return [];
    this.#pending += octets;
    const events: StreamEvent[] = [];
    while (this.#pending.length >= this.#wanted) {
      if (this.#skipBlank(events)) continue;
      const end = headEnd(this.#pending);
      if ((end ?? this.#pending.length) > this.#maxHead) {
        events.push(this.#broken("oversize"));
        break;
      }
      if (end === null) break;
      const length = bodyLength(this.#pending.slice(0, end));
      if (length === null) {
        events.push(this.#broken("content-length"));
        break;
      }
      const total = end + length;
      if (total > this.#maxMessage) {
        events.push(this.#broken("oversize"));
        break;
      }
      if (this.#pending.length < total) {
        this.#wanted = total;
        break;
      }
      events.push({ type: "message", octets: this.#pending.slice(0, total) });
      this.#pending = this.#pending.slice(total);
      this.#wanted = 0;
    }
    return events;
  }

  /** Drops line ends before a message; true when there were any. Every CRLFCRLF is a ping. */
  #skipBlank(events: StreamEvent[]): boolean {
    const blank = BLANK.exec(this.#pending)?.[0];
    if (blank === undefined) return false;
    if (blank === "\r\n" && this.#pending === blank) {
      // Half a ping, or the end of a sloppy message: the next bytes tell.
      this.#wanted = 3;
      return false;
    }
    if (blank.startsWith("\r\n\r\n")) events.push({ type: "ping" });
    this.#pending = this.#pending.slice(blank.length);
    this.#wanted = 0;
    return true;
  }

  #broken(problem: "oversize" | "content-length"): StreamEvent {
    const octets = this.#pending;
    this.#pending = "";
    this.#lost = true;
    return { type: "broken", problem, octets: octets.slice(0, this.#maxHead) };
  }
}

function headEnd(text: string): number | null {
  const crlf = text.indexOf("\r\n\r\n");
  const lf = text.indexOf("\n\n");
  if (crlf >= 0 && (lf < 0 || crlf < lf)) return crlf + 4;
  return lf >= 0 ? lf + 2 : null;
}

/** Content-Length of a head; none means no body, which the RFC forbids on streams but some peers do. */
function bodyLength(head: string): number | null {
  const match = LENGTH.exec(head);
  if (match === null) return 0;
  return /^\d{1,9}$/.test(match[1]!) ? Number(match[1]) : null;
}
