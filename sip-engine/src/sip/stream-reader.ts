export type StreamEvent =
  | { readonly type: "message"; readonly octets: string }
  /** Double CRLF between messages: the peer's keep-alive, to be answered with CRLF (RFC 5626 3.5.1). */
  | { readonly type: "ping" }
  /** The stream has lost its message boundaries and must be closed; `octets` is what led there. */
  | { readonly type: "broken"; readonly problem: "oversize" | "content-length"; readonly octets: string };

const LENGTH = /^(?:content-length|l)[ \t]*:([^\r\n]*)/im;
const LINE_ENDS = /^[\r\n]*/;
const KEEP_ALIVE = "\r\n\r\n";
/** The longest end of a head is four characters: of what was searched before, three can belong to it. */
const OVERLAP = 3;

/** Cuts a TCP stream into SIP messages by Content-Length (RFC 3261 18.3). Work grows with the stream's length only. */
export class StreamReader {
  readonly #pieces = new Pieces();
  /** End of what was searched for the head's end already. */
  #tail = "";
  /** Line ends since the last message. */
  #blank = "";
  /** Length of the message under way once its head is known; 0 before. */
  #wanted = 0;
  /** Nothing that follows a broken message can be told from its body. */
  #lost = false;
  readonly #maxHead: number;
  readonly #maxMessage: number;

  constructor(maxHead = 65_536, maxMessage = 2 * 1024 * 1024) {
    this.#maxHead = maxHead;
    this.#maxMessage = maxMessage;
  }

  /** Bytes kept of a message that is not complete. */
  get pending(): number {
    return this.#pieces.length;
  }

  push(octets: string): StreamEvent[] {
    const events: StreamEvent[] = [];
    let rest = octets;
    while (rest !== "" && !this.#lost) {
      if (this.pending === 0) rest = this.#skipBlank(rest, events);
      else if (this.#wanted === 0) rest = this.#readHead(rest, events);
      else rest = this.#readBody(rest, events);
    }
    return events;
  }

  /** Drops line ends before a message. However many keep-alives come at once, they are one ping. */
  #skipBlank(octets: string, events: StreamEvent[]): string {
    const run = LINE_ENDS.exec(octets)![0];
    const blank = this.#blank + run;
    this.#blank = "";
    if (blank.startsWith(KEEP_ALIVE)) events.push({ type: "ping" });
    else if (run.length === octets.length) this.#blank = blank.slice(0, KEEP_ALIVE.length);
    const rest = octets.slice(run.length);
    return rest === "" ? "" : this.#readHead(rest, events);
  }

  #readHead(octets: string, events: StreamEvent[]): string {
    const end = headEnd(this.#tail + octets);
    const taken = end === null ? octets.length : end - this.#tail.length;
    this.#pieces.add(octets.slice(0, taken));
    this.#tail = end === null ? (this.#tail + octets.slice(-OVERLAP)).slice(-OVERLAP) : "";
    if (this.pending > this.#maxHead) return this.#broken("oversize", events);
    if (end === null) return "";
    const length = bodyLength(this.#pieces.joined());
    if (length === null) return this.#broken("content-length", events);
    this.#wanted = this.pending + length;
    if (this.#wanted > this.#maxMessage) return this.#broken("oversize", events);
    if (length === 0) this.#complete(events);
    return octets.slice(taken);
  }

  #readBody(octets: string, events: StreamEvent[]): string {
    const missing = this.#wanted - this.pending;
    this.#pieces.add(octets.slice(0, missing));
    if (this.pending === this.#wanted) this.#complete(events);
    return octets.slice(missing);
  }

  #complete(events: StreamEvent[]): void {
    this.#wanted = 0;
    events.push({ type: "message", octets: this.#pieces.take() });
  }

  #broken(problem: "oversize" | "content-length", events: StreamEvent[]): string {
    this.#lost = true;
    events.push({ type: "broken", problem, octets: this.#pieces.take().slice(0, this.#maxHead) });
    return "";
  }
}

/** Text that arrives in parts. Parts of like size are joined: each character is copied a logarithmic number of times. */
class Pieces {
  #parts: string[] = [];
  length = 0;

  add(text: string): void {
    this.length += text.length;
    let last = text;
    while (this.#parts.length > 0 && this.#parts.at(-1)!.length <= last.length) {
      last = [this.#parts.pop(), last].join("");
    }
    this.#parts.push(last);
  }

  joined(): string {
    if (this.#parts.length > 1) this.#parts = [this.#parts.join("")];
    return this.#parts[0] ?? "";
  }

  take(): string {
    const all = this.joined();
    this.#parts = [];
    this.length = 0;
    return all;
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
  const value = LENGTH.exec(head)?.[1]?.trim();
  if (value === undefined) return 0;
  return /^\d{1,9}$/.test(value) ? Number(value) : null;
}
