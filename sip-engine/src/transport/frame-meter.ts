/** Opcodes from here on are control frames, which may come between the fragments of a message (RFC 6455 5.4). */
const CONTROL = 8;

/** Follows the frames of a WebSocket (RFC 6455 5.2) and knows how much of an unfinished message has come. */
export class FrameMeter {
  /** Bytes of the message begun last, and of the frame, as long as it is not whole. */
  #pending = 0;
  #header: number[] = [];
  /** Payload bytes of the current frame still to come; null while its header is read. */
  #left: number | null = null;

  get pending(): number {
    return this.#pending;
  }

  /** Bytes from the peer, in the order they came. */
  take(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length;) {
      if (this.#left === null) {
        this.#header.push(chunk[at++]!);
        this.#pending++;
        this.#left = payloadOf(this.#header);
      } else {
        const part = Math.min(this.#left, chunk.length - at);
        at += part;
        this.#left -= part;
        this.#pending += part;
      }
      if (this.#left === 0) this.#frameEnded();
    }
  }

  #frameEnded(): void {
    const [first = 0] = this.#header;
    const length = this.#header.length + (payloadOf(this.#header) ?? 0);
    if ((first & 0x0f) >= CONTROL) this.#pending -= length;
    else if ((first & 0x80) !== 0) this.#pending = 0;
    this.#header = [];
    this.#left = null;
  }
}

/** Length of the payload, or null while the header is incomplete. */
function payloadOf(header: readonly number[]): number | null {
  const [, second] = header;
  if (second === undefined) return null;
  const short = second & 0x7f;
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  const masked = (second & 0x80) !== 0 ? 4 : 0;
  if (header.length < 2 + extended + masked) return null;
  return extended === 0 ? short : header.slice(2, 2 + extended).reduce((sum, byte) => sum * 256 + byte, 0);
}
