/** A SIP message as text, read by nobody's parser but this one: the judge must not share the engine's mistakes. */
export class Sip {
  readonly startLine: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;

  constructor(readonly text: string) {
    const end = text.indexOf("\r\n\r\n");
    const [startLine = "", ...lines] = text.slice(0, end < 0 ? text.length : end).split("\r\n");
    this.startLine = startLine;
    this.headers = lines.filter((line) => line.includes(":")).map(nameAndValue);
    this.body = end < 0 ? "" : text.slice(end + 4);
  }

  get isRequest(): boolean {
    return !this.startLine.startsWith("SIP/2.0 ");
  }

  get method(): string {
    return this.startLine.split(" ")[0] ?? "";
  }

  get uri(): string {
    return this.startLine.split(" ")[1] ?? "";
  }

  get status(): number {
    return this.isRequest ? 0 : Number(this.startLine.split(" ")[1]);
  }

  /** `INVITE` for a request, `200 INVITE` for a response. */
  get what(): string {
    return this.isRequest ? this.method : `${this.status} ${this.header("CSeq").split(" ")[1]}`;
  }

  /** Value of the first header of that name, empty when there is none. */
  header(name: string): string {
    return this.all(name)[0] ?? "";
  }

  all(name: string): string[] {
    return this.headers.filter(([key]) => key.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
  }

  get names(): string[] {
    return this.headers.map(([name]) => name);
  }

  get cseq(): number {
    return Number.parseInt(this.header("CSeq"), 10);
  }

  /** Tag of From or To, empty when there is none. */
  tag(name: "From" | "To"): string {
    return /;tag=([^;]+)/.exec(this.header(name))?.[1] ?? "";
  }

  get branch(): string {
    return /;branch=([^;,]+)/.exec(this.header("Via"))?.[1] ?? "";
  }

  /** The URI between the angle brackets of a header. */
  uriOf(name: string): string {
    return /<([^>]+)>/.exec(this.header(name))?.[1] ?? "";
  }

  get dialogId(): string {
    return `${this.header("Call-ID")};from-tag=${this.tag("From")}`;
  }
}

function nameAndValue(line: string): readonly [string, string] {
  const at = line.indexOf(":");
  return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
}

/** Writes a message; Content-Length, in bytes, is added unless a header of that name is given. */
export function sipText(startLine: string, headers: readonly string[], body = ""): string {
  const known = headers.some((line) => /^(Content-Length|l)\s*:/i.test(line));
  const length = known ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  return [startLine, ...headers, ...length, "", body].join("\r\n");
}

export const SDP =
  "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 7000 RTP/AVP 0\r\n";
