/** One Via value (RFC 3261 20.42). */
export interface Via {
  /** `UDP`, `TCP`, `WS`, … in capitals. */
  readonly transport: string;
  readonly host: string;
  readonly port: number | null;
  readonly params: readonly (readonly [name: string, value: string | null])[];
}

const VIA = /^SIP\s*\/\s*2\.0\s*\/\s*([A-Za-z0-9-]+)\s+(\[[^\]]+\]|[^\s:;,]+)\s*(?::\s*(\d{1,5}))?\s*(;.*)?$/i;

/** Parses a single Via value; null when malformed. */
export function parseVia(value: string): Via | null {
  const match = VIA.exec(value);
  if (match === null) return null;
  const params = (match[4] ?? "")
    .split(";")
    .map((param) => param.trim())
    .filter((param) => param !== "")
    .map((param): [string, string | null] => {
      const equals = param.indexOf("=");
      return equals < 0 ? [param, null] : [param.slice(0, equals).trim(), param.slice(equals + 1).trim()];
    });
  const port = match[3] === undefined ? null : Number(match[3]);
  return { transport: match[1]!.toUpperCase(), host: match[2]!, port, params };
}

/** Value of a Via parameter, null for a flag, undefined when absent. */
export function viaParam(via: Via, name: string): string | null | undefined {
  return via.params.find(([key]) => key.toLowerCase() === name)?.[1];
}

/** Text of a Via value. */
export function formatVia(via: Via): string {
  const port = via.port === null ? "" : `:${via.port}`;
  const params = via.params.map(([name, value]) => (value === null ? `;${name}` : `;${name}=${value}`)).join("");
  return `SIP/2.0/${via.transport} ${via.host}${port}${params}`;
}

/** The Via as a server records it: `received` when the sent-by host differs, `rport` always (RFC 3581). */
export function receivedVia(via: Via, address: string, port: number): Via {
  const host = via.host.replace(/^\[|\]$/g, "").toLowerCase();
  const kept = via.params.filter(([name]) => !/^(received|rport)$/i.test(name));
  const received: [string, string][] = host === address ? [] : [["received", address]];
  return { ...via, params: [...kept, ["rport", String(port)], ...received] };
}
