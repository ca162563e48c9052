/** Wraps a payload as a drachtio frame: `<byte length>#<payload>`. Octet strings, so length is bytes. */
export function frame(payload: string): string {
  return `${payload.length}#${payload}`;
}

export type FrameResult =
  | { readonly ok: true; readonly payloads: readonly string[] }
  | { readonly ok: false; readonly problem: "bad-length" | "too-long" };

/** Cuts a byte stream into frames, however the network split or merged them. */
export class FrameReader {
  #pending = "";
  readonly #limit: number;

  /** @param limit longest payload accepted, in bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes the next bytes; after a failure the stream has lost its frame boundaries and must be closed. */
  push(octets: string): FrameResult {
    const data = this.#pending + octets;
    const payloads: string[] = [];
    let at = 0;
    for (;;) {
      const hash = data.indexOf("#", at);
      const digits = data.slice(at, hash < 0 ? Math.min(data.length, at + 9) : hash);
      if (digits !== "" && !/^\d{1,8}$/.test(digits)) return { ok: false, problem: "bad-length" };
      if (hash < 0) break;
      const length = Number(digits);
      if (digits === "" || length === 0) return { ok: false, problem: "bad-length" };
      if (length > this.#limit) return { ok: false, problem: "too-long" };
      if (data.length < hash + 1 + length) break;
      payloads.push(data.slice(hash + 1, hash + 1 + length));
      at = hash + 1 + length;
    }
    this.#pending = data.slice(at);
    return { ok: true, payloads };
  }
}
