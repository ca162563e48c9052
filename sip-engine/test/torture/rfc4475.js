import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
/** The messages of RFC 4475, from `rfc4475.txt` in the RFC's own notation. */
export function tortureMessages() {
  const text = readFileSync(fileURLToPath(new URL("rfc4475.txt", import.meta.url)), "latin1");
  return text
    .split(/^=== /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf("\n");
      const [section = "", name = "", verdict = "", ...title] = part.slice(0, end).split(" ");
      return { section, name, verdict, title: title.join(" "), octets: spelledOut(part.slice(end + 1)) };
    });
}
function spelledOut(text) {
  const repeated = text.replace(/<repeat count=(\d+)>(.*?)<\/repeat>/g, (_all, count, what) =>
    what.repeat(Number(count)),
  );
  const wire = repeated.replace(/\n/g, "\r\n").replace(/<hex>(.*?)<\/hex>/g, (_all, hex) => {
    return Buffer.from(hex, "hex").toString("latin1");
  });
  return wire.includes("\r\n\r\n") ? wire : `${wire}\r\n`;
}
//# sourceMappingURL=rfc4475.js.map
