import { z } from "zod";

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,30}$/, "use lower-case letters, digits and dashes");
const port = z.number().int().min(1).max(65535);
const e164 = z.string().regex(/^\+[0-9]{3,18}$/, "use + and 3 to 18 digits");
const credentials = z
  .object({
    username: z
      .string()
      .min(1)
      .regex(/^[^"\\\s]+$/, "no quotes and no spaces"),
    password: z.string().min(8),
  })
  .strict();

/** An IPv4 address, with a port when only that one may send, or a network in CIDR notation. */
const source = z
  .string()
  .refine((text) => parseSource(text) !== null, "use 192.0.2.10, 192.0.2.10:5060 or 192.0.2.0/24");

const inbound = z
  .object({
    /** Where its INVITEs may come from; without any and without credentials: just the trunk's own address and port. */
    addresses: z.array(source).min(1).nullable().default(null),
    /** With these it has to authenticate itself towards us. */
    credentials: credentials.nullable().default(null),
  })
  .strict();

const outbound = z
  .object({
    enabled: z.boolean().default(true),
    /** Which numbers go out here: "all", "short", a prefix such as "+47", or one short number. */
    numbers: z
      .array(z.string().regex(/^(all|short|\+[0-9]{1,15}|[0-9*#]{2,8})$/, 'use "all", "short", +47 or 112'))
      .min(1)
      .default(["all"]),
    /** For the carrier's challenges. */
    credentials: credentials.nullable().default(null),
    callerId: z
      .object({
        /** The site's own number on this trunk. */
        number: e164,
        name: z.string().max(64).default(""),
        /** Direct numbers of agents, by their ids. */
        agents: z.record(id, e164).default({}),
        /** May a consulted number see whom the consult is about? The carrier must allow numbers that are not ours. */
        customer: z.boolean().default(false),
      })
      .strict(),
  })
  .strict();

/** A way to the telephone network (TK-1). */
export const trunkSchema = z
  .object({
    name: id,
    address: z.union([z.ipv4(), z.hostname()]),
    port,
    transport: z.enum(["udp", "tcp"]).default("udp"),
    /** Null: no calls come from it. */
    inbound: inbound.nullable().default({ addresses: null, credentials: null }),
    /** Null: no calls go out through it. */
    outbound: outbound.nullable().default(null),
    /** Of calls that go out. */
    limits: z
      .object({
        concurrent: z.number().int().min(1).max(10_000).default(30),
        perMinute: z.number().int().min(1).max(10_000).default(60),
      })
      .strict()
      .default({ concurrent: 30, perMinute: 60 }),
  })
  .strict();

/** A group of numbers, or a prefix. */
const group = <K extends string>(...names: [K, ...K[]]) =>
  z.union([z.enum(names), z.string().regex(/^\+?[0-9*#]{1,15}$/, `use ${names.join(", ")} or a prefix such as +47`)]);

/** What agents may call, and how much (TK-1). Safe unless told otherwise: the home country, nothing that costs extra. */
export const callingSchema = z
  .object({
    /** `home`: numbers of the home country; `short`: short numbers; `codes`: service codes with * or #; `all`. */
    allowed: z.array(group("home", "short", "codes", "all")).default(["home", "short"]),
    /** Wins over `allowed`. `premium`: premium rate and shared cost, in any country. */
    forbidden: z.array(group("premium")).default(["premium"]),
    perAgent: z
      .object({
        concurrent: z.number().int().min(1).max(100).default(3),
        perMinute: z.number().int().min(1).max(600).default(10),
      })
      .strict()
      .default({ concurrent: 3, perMinute: 10 }),
  })
  .strict();

export type Trunk = z.output<typeof trunkSchema>;
export type Calling = z.output<typeof callingSchema>;

/** What trunks authenticate with towards us. */
export const trunkUsers = (trunks: readonly Trunk[]): readonly string[] =>
  trunks.flatMap(({ inbound: from }) => from?.credentials?.username ?? []);

/** What contradicts itself among the trunks: path inside `trunks`, and what is wrong. */
export function trunkMistakes(trunks: readonly Trunk[]): readonly { path: (string | number)[]; message: string }[] {
  const seen = { name: new Set<string>(), user: new Set<string>() };
  return trunks.flatMap((trunk, i) => {
    const mistakes: { path: (string | number)[]; message: string }[] = [];
    if (seen.name.has(trunk.name)) mistakes.push({ path: [i, "name"], message: `"${trunk.name}" is there already` });
    seen.name.add(trunk.name);
    const user = trunk.inbound?.credentials?.username;
    if (user !== undefined && seen.user.has(user)) {
      mistakes.push({ path: [i, "inbound", "credentials", "username"], message: `"${user}" is there already` });
    }
    if (user !== undefined) seen.user.add(user);
    const known = trunk.inbound === null || trunk.inbound.addresses !== null || user !== undefined;
    if (!known && parseSource(trunk.address) === null) {
      mistakes.push({ path: [i, "inbound"], message: "a trunk with a host name needs addresses or credentials" });
    }
    return mistakes;
  });
}

/** A network that requests may come from; `port` null: any. */
interface Source {
  readonly network: number;
  readonly bits: number;
  readonly port: number | null;
}

function parseSource(text: string): Source | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?::(\d{1,5})|\/(\d{1,2}))?$/.exec(text);
  if (!match) return null;
  const bytes = match.slice(1, 5).map(Number);
  const port = match[5] === undefined ? null : Number(match[5]);
  const bits = match[6] === undefined ? 32 : Number(match[6]);
  if (bytes.some((b) => b > 255) || bits > 32 || port === 0 || (port ?? 1) > 65535) return null;
  return { network: bytes.reduce((sum, b) => sum * 256 + b, 0), bits, port };
}

/** Where a request came from. */
export interface Sender {
  readonly protocol: string; // as in a Via, in lower case
  readonly address: string;
  readonly port: number;
}

/**
 * Whether a request from there may be the trunk's, as far as addresses go. A port says something over UDP only: a connection comes from any. Over a
 * WebSocket come browsers, all from the address of our own web server.
 */
export function comesFrom(trunk: Trunk, { protocol, address, port }: Sender): boolean {
  if (!trunk.inbound || protocol.startsWith("ws")) return false;
  const from = parseSource(address);
  const { addresses, credentials: secret } = trunk.inbound;
  if (!from) return false;
  if (addresses === null && secret !== null) return true;
  return (addresses ?? [`${trunk.address}:${trunk.port}`]).some((text) => {
    const known = parseSource(text);
    if (!known || !isIn(known, from)) return false;
    return known.port === null || (protocol === "udp" ? known.port === port : trunk.transport === protocol);
  });
}

/** Whether a trunk is at this host, where our requests to it go or its own come from. `port` null: at whichever port. */
export function isTrunkHost({ address, port: own, inbound }: Trunk, host: string, port: number | null): boolean {
  if (address.toLowerCase() === host && (port === null || port === own)) return true;
  const at = parseSource(host);
  if (!at || at.port !== null || !inbound?.addresses || inbound.credentials) return false;
  return inbound.addresses.some((text) => {
    const known = parseSource(text);
    return known !== null && isIn(known, at) && (port === null || known.port === null || known.port === port);
  });
}

function isIn({ network, bits }: Source, { network: address }: Source): boolean {
  const size = 2 ** (32 - bits);
  return Math.floor(network / size) === Math.floor(address / size);
}
