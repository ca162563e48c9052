import { EXAMPLES, METHODS } from "./grammar.mjs";

const NUMBERS = ["0", "-1", "1", "2147483647", "2147483648", "4294967295", "4294967296", "99999999999999999999", "1e9"];
const TEXTS = ["", " ", "\t", "\0", "\xff\xfe", "æøå", "%00", "%zz", "\\", '"', "<", ">", ";", ",", "|", "#", "=", "@"];
const COMPACT = { Via: "v", From: "f", To: "t", "Call-ID": "i", Contact: "m", "Content-Length": "l", Supported: "k" };

/** Each takes a message apart at its grammar and breaks one thing. `lines` is the head, the start line first. */
const HEAD_MUTATIONS = [
  (chance, lines) => lines.splice(index(chance, lines), 1),
  (chance, lines) => lines.splice(index(chance, lines), 0, lines[index(chance, lines)] ?? ""),
  (chance, lines) => replace(lines, index(chance, lines), (line) => fold(chance, line)),
  (chance, lines) => replace(lines, index(chance, lines), (line) => line + chance.pick(TEXTS).repeat(chance.below(9))),
  (chance, lines) => replace(lines, index(chance, lines), (line) => `${line};x=${"y".repeat(chance.below(20_000))}`),
  (chance, lines) => replace(lines, index(chance, lines), (line) => line.replace(/\d+/, chance.pick(NUMBERS))),
  (chance, lines) => replace(lines, index(chance, lines), (line) => line.replace(/: .*/, `: ${chance.pick(TEXTS)}`)),
  (chance, lines) =>
    replace(lines, index(chance, lines), (line) => line.replace(/: /, chance.pick([":", " : ", " :", "::", ""]))),
  (chance, lines) => replace(lines, index(chance, lines), (line) => randomCase(chance, line)),
  (chance, lines) => replace(lines, index(chance, lines), compact),
  (chance, lines) =>
    replace(lines, 0, (line) => line.replace(/^\S+/, chance.pick([...METHODS, "SIP/2.0", "invite", "\xff"]))),
  (chance, lines) =>
    replace(lines, 0, (line) => line.replace(/SIP\/2\.0/, chance.pick(["SIP/3.0", "HTTP/1.1", "sip/2.0", "SIP/2"]))),
  (chance, lines) => header(lines, "CSeq", () => `CSeq: ${chance.pick(NUMBERS)} ${chance.pick(METHODS)}`),
  (chance, lines) =>
    header(lines, "Content-Length", () => `Content-Length: ${chance.pick([...NUMBERS, "10", "5", "x"])}`),
  (chance, lines) =>
    header(lines, "Via", (line) =>
      line.replace(/branch=[^;]*/, chance.pick(["branch=z9hG4bK", "branch=", "", "rport"])),
    ),
  (chance, lines) =>
    header(lines, "Via", (line) =>
      line.replace(
        /127\.0\.0\.1(:\d+)?/,
        chance.pick(["[::1]:5", "[::", "a.invalid", "127.0.0.1:0", "127.0.0.1:99999"]),
      ),
    ),
  (chance, lines) =>
    header(lines, "From", (line) => line.replace(/;tag=.*/, chance.pick(["", ";tag", ";tag=", ';tag="a b"']))),
  (chance, lines) =>
    header(
      lines,
      "Contact",
      () =>
        `Contact: ${chance.pick(["*", "<>", "<sip:>", "<sip:@>", "<tel:1>", "<sip:a@[::1]:5>", "<sip:a@b.invalid:0>", "<mailto:a@b>", '"<sip:a@b>'])}`,
    ),
  (chance, lines) =>
    header(
      lines,
      "To",
      () => `To: ${chance.pick(["<sip:a@b", "sip:a@b;tag=x;tag=y", '"a\\" <sip:b>', "<tel:+1;ext=2>", "a"])}`,
    ),
  (chance, lines) => lines.push(...Array.from({ length: chance.below(700) }, (_, i) => `X-${i}: ${i}`)),
  (chance, lines) =>
    lines.splice(
      1,
      0,
      ...Array.from({ length: chance.below(40) }, () => "Via: SIP/2.0/UDP 127.0.0.1:7;branch=z9hG4bKx"),
    ),
  (chance, lines) => replace(lines, 0, (line) => line.replace(/ \S+ /, ` ${uri(chance)} `)),
];

const WHOLE_MUTATIONS = [
  (chance, text) => text.slice(0, chance.below(text.length + 1)),
  (chance, text) => text.replaceAll("\r\n", chance.pick(["\n", "\r", "\r\n\r\n", "\n\r"])),
  (chance, text) => splice(chance, text, chance.octets(chance.below(20))),
  (chance, text) => `${"\r\n".repeat(chance.below(6))}${text}`,
  (chance, text) => text + chance.pick(EXAMPLES),
  (chance, text) => splice(chance, text, chance.pick(TEXTS)),
];

/** Breaks a message in one to four ways. */
export function mutate(chance, text) {
  let broken = text;
  for (let n = 1 + chance.below(4); n > 0; n--) {
    if (chance.oneIn(5)) {
      broken = chance.pick(WHOLE_MUTATIONS)(chance, broken);
      continue;
    }
    const end = broken.indexOf("\r\n\r\n");
    const lines = (end < 0 ? broken : broken.slice(0, end)).split("\r\n");
    chance.pick(HEAD_MUTATIONS)(chance, lines);
    broken = lines.join("\r\n") + (end < 0 ? "" : broken.slice(end));
  }
  return broken;
}

/** Request-URIs no honest peer writes. */
function uri(chance) {
  return chance.pick([
    "sip:",
    "sip:@",
    "sip:a@",
    "sips:a@127.0.0.1",
    "tel:+47",
    "http://a",
    "*",
    "sip:a@127.0.0.1;transport=ws",
    "sip:a@127.0.0.1?Route=%3Csip:b%3E",
    "<sip:a@127.0.0.1>",
    "sip:a b@127.0.0.1",
    `sip:${"a".repeat(5000)}@127.0.0.1`,
    "sip:a@[::1",
    "sip:a@127.0.0.1:70000",
    "sip:%00@127.0.0.1",
    "sip:a;b=c;d@127.0.0.1;lr;lr",
  ]);
}

const index = (chance, lines) => 1 + chance.below(Math.max(1, lines.length - 1));

function replace(lines, at, change) {
  if (lines[at] !== undefined) lines[at] = change(lines[at]);
}

function header(lines, name, change) {
  replace(
    lines,
    lines.findIndex((line) => line.startsWith(`${name}:`)),
    change,
  );
}

function splice(chance, text, octets) {
  const at = chance.below(text.length + 1);
  return text.slice(0, at) + octets + text.slice(at + chance.below(9));
}

function fold(chance, line) {
  const at = 1 + chance.below(Math.max(1, line.length - 1));
  return `${line.slice(0, at)}\r\n${chance.pick([" ", "\t", "   "])}${line.slice(at)}`;
}

function randomCase(chance, line) {
  return [...line].map((c) => (chance.oneIn(2) ? c.toUpperCase() : c.toLowerCase())).join("");
}

function compact(line) {
  const [name] = line.split(":");
  return COMPACT[name] === undefined ? line : COMPACT[name] + line.slice(name.length);
}
