/** One event of a text/event-stream. */
export interface StreamMessage {
  readonly event: string;
  readonly data: string;
}

/** Takes a text/event-stream apart as the HTML standard says (9.2.6), whatever the chunks. */
export class StreamParser {
  #rest = "";
  #event = "";
  #data: string[] = [];
  /** Of the event that is being read: it counts when that is whole. */
  #id = "";
  #lastId = "";

  /** For Last-Event-ID when the stream is opened again. */
  get lastId(): string {
    return this.#lastId;
  }

  push(chunk: string): StreamMessage[] {
    const messages: StreamMessage[] = [];
    const text = this.#rest + chunk;
    // A CR at the end may be half of a CRLF.
    const lines = text.split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line !== "") {
        this.#field(line);
        continue;
      }
      this.#lastId = this.#id;
      if (this.#data.length > 0) messages.push(this.#dispatch());
      else this.#event = "";
    }
    return messages;
  }

  /** The stream broke: half an event is no event. */
  restart(): void {
    this.#rest = "";
    this.#event = "";
    this.#data = [];
    this.#id = this.#lastId;
  }

  #field(line: string): void {
    const [, name, value = ""] = /^([^:]*)(?::\s?(.*))?$/s.exec(line) ?? [];
    if (name === "event") this.#event = value;
    else if (name === "data") this.#data.push(value);
    else if (name === "id" && !value.includes("\0")) this.#id = value;
  }

  #dispatch(): StreamMessage {
    const message = { event: this.#event || "message", data: this.#data.join("\n") };
    this.#event = "";
    this.#data = [];
    return message;
  }
}
