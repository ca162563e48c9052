/** A From, To, Contact, Route or Refer-To value: display name, URI and header parameters. */
export interface NameAddr {
  readonly display: string;
  readonly uri: string;
  /** Header parameters as written, without the leading semicolon each. */
  readonly params: readonly string[];
}

/**
 * Parses `"Name" <uri>;params` and the bracketless form, where all parameters belong to the header. Neither a name nor a URI begins with
 * a semicolon (RFC 3261 25.1, name-addr and addr-spec): such a value has parameters only, whatever brackets follow.
 */
export function parseNameAddr(value: string): NameAddr | null {
  if (/^\s*;/.test(value)) return null;
  const open = angleStart(value);
  if (open >= 0) {
    const close = value.indexOf(">", open);
    if (close < 0) return null;
    const uri = value.slice(open + 1, close).trim();
    const rest = value.slice(close + 1).trim();
    if (uri === "" || uri.startsWith(";") || (rest !== "" && !rest.startsWith(";"))) return null;
    return { display: value.slice(0, open).trim(), uri, params: splitParams(rest) };
  }
  const semicolon = value.indexOf(";");
  const uri = (semicolon < 0 ? value : value.slice(0, semicolon)).trim();
  if (uri === "" || /[\s"]/.test(uri)) return null;
  return { display: "", uri, params: semicolon < 0 ? [] : splitParams(value.slice(semicolon)) };
}

/** Index of the `<` that begins the URI, skipping a quoted display name; -1 when there is none. */
function angleStart(value: string): number {
  if (!value.includes('"')) return value.indexOf("<");
  let quoted = false;
  for (let i = 0; i < value.length; i++) {
    const c = value[i];
    if (quoted && c === "\\") i++;
    else if (c === '"') quoted = !quoted;
    else if (!quoted && c === "<") return i;
  }
  return -1;
}

function splitParams(text: string): string[] {
  if (text === "") return [];
  const params: string[] = [];
  let start = 1;
  let quoted = false;
  for (let i = 1; i <= text.length; i++) {
    const c = text[i];
    if (quoted && c === "\\") i++;
    else if (c === '"') quoted = !quoted;
    else if (c === undefined || (c === ";" && !quoted)) {
      const param = text.slice(start, i).trim();
      if (param !== "") params.push(param);
      start = i + 1;
    }
  }
  return params;
}

/** Value of a header parameter, `""` for a flag, undefined when absent. */
export function paramOf(address: NameAddr, name: string): string | undefined {
  for (const param of address.params) {
    const equals = param.indexOf("=");
    const key = (equals < 0 ? param : param.slice(0, equals)).trim().toLowerCase();
    if (key === name) return equals < 0 ? "" : param.slice(equals + 1).trim();
  }
  return undefined;
}

/** Text of a name-addr, always in brackets. */
export function formatNameAddr(address: NameAddr): string {
  const display = address.display === "" ? "" : `${address.display} `;
  return `${display}<${address.uri}>${address.params.map((param) => `;${param}`).join("")}`;
}

/** The same address with exactly this tag, or with none for null. */
export function withTag(address: NameAddr, tag: string | null): NameAddr {
  const params = address.params.filter((param) => !/^tag\s*(=|$)/i.test(param));
  return { ...address, params: tag === null ? params : [...params, `tag=${tag}`] };
}
