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

/** The messages of RFC 4475. @param text content of `test/torture/rfc4475.txt`, in the RFC's own notation */
export function tortureMessages(text: string): readonly TortureMessage[] {
  return text
    .split(/^=== /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf("\n");
      const [section = "", name = "", verdict = "", ...title] = part.slice(0, end).split(" ");
      return { section, name, verdict, title: title.join(" "), octets: spelledOut(part.slice(end + 1)) };
    });
}

function spelledOut(text: string): string {
  const repeated = text.replace(/<repeat count=(\d+)>(.*?)<\/repeat>/g, (_all, count: string, what: string) =>
    what.repeat(Number(count)),
  );
  const wire = repeated.replace(/\n/g, "\r\n").replace(/<hex>(.*?)<\/hex>/g, (_all, hex: string) => {
    return hex.replace(/../g, (octet) => String.fromCharCode(parseInt(octet, 16)));
  });
  return wire.includes("\r\n\r\n") ? wire : `${wire}\r\n`;
}
