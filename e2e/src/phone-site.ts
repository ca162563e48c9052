import { AutoLine, AutoPhone } from "./auto-phone.js";
import { KnownSounds } from "./privacy.js";
import type { Product } from "./product.js";
import { RtpCustomer } from "./rtp-customer.js";
import { PASSWORD, PHONE_PASSWORD, SITE_NUMBER } from "./site.js";

const FIRST_TRUNK_PORT = 5200;
const FIRST_OUTSIDE_PORT = 5300;
const pad = (n: number): string => String(n).padStart(2, "0");

/** Tones that the built-in music has nothing of. */
export const TONES = { customer: 440, owner: 700, colleague: 1000 } as const;

/** Served by the owners of all places: whoever is available longest. */
export const SHARED_NUMBER = "+4780020100";

/** What one customer and two agents with desk phones need of a site, apart from all others. */
export interface Place {
  readonly owner: string;
  readonly colleague: string;
  readonly colleaguesQueue: string;
  readonly number: string;
  readonly trunkPort: number;
  readonly extensions: readonly [string, string];
  /** Somebody outside, and the port of the trunk that leads there and nowhere else. */
  readonly outside: string;
  readonly outsidePort: number;
}

export const placeOf = (n: number): Place => ({
  owner: `owner-${n}`,
  colleague: `colleague-${n}`,
  colleaguesQueue: `colleagues-${n}`,
  number: `+47800200${pad(n)}`,
  trunkPort: FIRST_TRUNK_PORT + n,
  extensions: [`31${pad(n)}`, `32${pad(n)}`],
  outside: `+47220002${pad(n)}`,
  outsidePort: FIRST_OUTSIDE_PORT + n,
});

/** The parts of a site with so many places. */
export function sitePartsFor(count: number): Readonly<Record<string, unknown>> {
  const places = Array.from({ length: count }, (_, n) => placeOf(n));
  const agent = (id: string, extension: string) => ({
    id,
    name: id,
    password: PASSWORD,
    extension,
    phonePassword: PHONE_PASSWORD,
  });
  return {
    agents: places.flatMap((p) => [agent(p.owner, p.extensions[0]), agent(p.colleague, p.extensions[1])]),
    queues: [
      { id: "shared", name: "Shared", agents: places.map((p) => p.owner) },
      ...places.flatMap((p) => [
        { id: p.owner, name: p.owner, agents: [p.owner] },
        { id: p.colleaguesQueue, name: p.colleaguesQueue, agents: [p.colleague] },
      ]),
    ],
    entryPoints: [
      { id: "shared", name: "Shared", number: SHARED_NUMBER, queue: "shared" },
      ...places.map((p) => ({ id: p.owner, name: p.owner, number: p.number, queue: p.owner })),
    ],
    trunks: places.flatMap((p, n) => [
      { name: `trunk-${n}`, address: "127.0.0.1", port: p.trunkPort },
      {
        name: `outside-${n}`,
        address: "127.0.0.1",
        port: p.outsidePort,
        inbound: null,
        outbound: { numbers: [p.outside], callerId: { number: SITE_NUMBER } },
        limits: { perMinute: 10_000 },
      },
    ]),
    experts: [],
    dialNumbers: [],
  };
}

/** Both agents of a place, with their telephones. */
export async function openAgents(product: Product, place: Place): Promise<readonly [AutoPhone, AutoPhone]> {
  return Promise.all([
    AutoPhone.open(product, place.owner, place.extensions[0], TONES.owner),
    AutoPhone.open(product, place.colleague, place.extensions[1], TONES.colleague),
  ]);
}

/** Everybody of a place who is called: its agents, and who answers for the number outside, with the colleague's tone. */
export interface People {
  readonly owner: AutoPhone;
  readonly colleague: AutoPhone;
  readonly outside: AutoLine;
}

export async function openPeople(product: Product, place: Place): Promise<People> {
  const [owner, colleague] = await openAgents(product, place);
  const { outside: name, outsidePort: sipPort } = place;
  return {
    owner,
    colleague,
    outside: new AutoLine(await RtpCustomer.create({ name, tone: TONES.colleague, sipPort })),
  };
}

/** The music on hold, packet by packet: what a customer hears who waits where nobody is available. */
export async function learnMusic(product: Product, place: Pick<Place, "number" | "trunkPort">): Promise<KnownSounds> {
  const music = new KnownSounds();
  const customer = await RtpCustomer.create({ tone: TONES.customer, sipPort: place.trunkPort });
  try {
    customer.rtp.recording.whenArrived = (packet) => music.learn(packet);
    await customer.dial(product.uri(place.number)).answered();
    await music.complete(25, 60_000);
    customer.hangUp();
    await product.isEmpty();
    return music;
  } finally {
    customer.close();
  }
}
