/** Where a Contact points. An engine takes what is registered for the way to whatever has that name, so not everything may be. Pure. */
import { isTrunkHost, type Trunk } from "./trunk-schema.js";
import { unescaped } from "./sip-uri.js";

interface ContactParts {
  readonly scheme: string;
  /** Without a password, unescaped. */
  readonly user: string;
  readonly host: string; // in lower case
  readonly port: string; // as it is written; empty: none
  readonly params: readonly (readonly [name: string, value: string])[]; // in lower case
}

const URI = /^(sips?):(?:([^@<>\s]*)@)?(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::(\d{1,5}))?((?:;[^?<>\s]*)?)(?:\?\S*)?$/i;

function partsOf(uri: string): ContactParts | null {
  const match = URI.exec(uri);
  if (!match) return null;
  const [, scheme = "", user = "", host = "", port = "", params = ""] = match;
  return {
    scheme: scheme.toLowerCase(),
    user: unescaped(user.split(":")[0] ?? ""),
    host: host.toLowerCase().replace(/\.$/, ""),
    port,
    params: params
      .toLowerCase()
      .split(";")
      .filter((param) => param !== "")
      .map((param) => {
        const [name = "", ...value] = param.split("=");
        return [name, value.join("=")];
      }),
  };
}

const valuesOf = (name: string, { params }: ContactParts): readonly string[] =>
  params.flatMap(([key, value]) => (key === name ? [value] : []));

/**
 * What two URIs of one contact have in common (RFC 3261 section 19.1.4, as far as contacts differ in practice): user, host, port and
 * transport. Null: no SIP URI, and nothing that could be called.
 */
export function contactKey(uri: string): string | null {
  const parts = partsOf(uri);
  if (!parts) return null;
  const { scheme, user, host, port } = parts;
  return JSON.stringify([scheme, user, host, port, valuesOf("transport", parts)[0] ?? ""]);
}

/** A contact as it is compared with those of other accounts. `connection`: it is reached by the connection it registered on. */
export interface Place {
  readonly uri: string;
  readonly connection: boolean;
}

/** User and host, without a password: by these, some without the port, an engine finds a connection again. */
function nameOf(uri: string): string {
  const parts = partsOf(uri);
  return parts ? `${parts.user}@${parts.host}` : "";
}

/** Which account has which place: one at a time, or calls to one telephone would reach another's. */
export class Places {
  readonly #byName = new Map<string, readonly { readonly account: string; readonly place: Place }[]>();

  /** Whether somebody else is where this contact says it is. Over UDP many may be of one name, each at a port of its own. */
  isOfAnother(account: string, place: Place): boolean {
    const port = partsOf(place.uri)?.port;
    return (this.#byName.get(nameOf(place.uri)) ?? []).some(
      (known) =>
        known.account !== account &&
        (place.connection || known.place.connection || partsOf(known.place.uri)?.port === port),
    );
  }

  /** From now on the account is in these places, and in no other. */
  put(account: string, before: readonly Place[], after: readonly Place[]): void {
    for (const { uri } of before) {
      const others = (this.#byName.get(nameOf(uri)) ?? []).filter((known) => known.account !== account);
      if (others.length > 0) this.#byName.set(nameOf(uri), others);
      else this.#byName.delete(nameOf(uri));
    }
    for (const place of after) {
      const name = nameOf(place.uri);
      this.#byName.set(name, [...(this.#byName.get(name) ?? []), { account, place }]);
    }
  }
}

/** What is not to be registered: where our own and the trunks' requests go. */
export interface TakenPlaces {
  readonly trunks: readonly Trunk[];
  readonly domain: string;
  /** Where the engine listens, as far as it has said. */
  readonly ours: readonly { readonly host: string; readonly port: number }[];
}

/** What somebody may dial through a trunk: calls to it are for the trunk alone. */
const DIALLED = /^[+0-9*#().-]+$/;
const PORT = 5060;

/**
 * Why this Contact may not be registered; null: it may. Over a WebSocket only what leads nowhere but back over it (RFC 7118 section 5), elsewhere
 * nothing where a trunk is or we are. `account`: who registers it.
 */
export function contactMistake(
  uri: string,
  { overWebSocket, account }: { readonly overWebSocket: boolean; readonly account: string },
  { trunks, domain, ours }: TakenPlaces,
): string | null {
  const parts = partsOf(uri);
  if (!parts) return null; // it cannot be read, which is another mistake
  const transports = valuesOf("transport", parts);
  const isWs = transports.some((value) => value === "ws" || value === "wss");
  if (overWebSocket) {
    const leadsBack = isWs && transports.length === 1 && valuesOf("maddr", parts).length === 0;
    return leadsBack && parts.host.endsWith(".invalid") ? null : "Contact is no WebSocket client's";
  }
  if (isWs) return "Contact is a WebSocket client's";
  const { host, user } = parts;
  const port = Number(parts.port || PORT);
  if (host === domain.toLowerCase() || ours.some((one) => one.host === host && one.port === port))
    return "Contact is where this server is";
  const isTrunks = trunks.some(
    (trunk) =>
      isTrunkHost(trunk, host, port) || (isTrunkHost(trunk, host, null) && user !== account && DIALLED.test(user)),
  );
  return isTrunks ? "Contact is where a trunk is" : null;
}
