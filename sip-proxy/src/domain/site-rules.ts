import { isEmergency, parseDialNumber } from "@legwork/shared/dial-number";
import type { SiteKind } from "@legwork/shared/store";
import { namesConference } from "./focus.js";

/** Of a site what the rules look at: the site file and the site's data both fit. */
export interface RuledSite {
  readonly agents: readonly { readonly id: string; readonly extension: string | null }[];
  readonly queues: readonly { readonly id: string; readonly agents: readonly string[] }[];
  readonly entryPoints: readonly { readonly id: string; readonly number: string; readonly queue: string }[];
  readonly wrapUpReasons: readonly { readonly id: string }[];
  readonly idleReasons: readonly { readonly id: string }[];
  readonly experts: readonly { readonly id: string; readonly number: string | null }[];
  readonly dialNumbers: readonly { readonly id: string; readonly number: string }[];
}

/** What the rules take from the rest of the site file. */
export interface SiteFacts {
  /** The wrap-up reason that is chosen beforehand (WU-1). */
  readonly defaultReason: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** User names that trunks authenticate with. */
  readonly trunkUsers: readonly string[];
}

/** Something of a site that contradicts the rest of it. */
export interface SiteMistake {
  readonly kind: SiteKind | "policy";
  /** Where it stands in the list of its kind; 0 for the policy. */
  readonly index: number;
  readonly path: readonly (string | number)[]; // inside it
  readonly message: string;
}

/** What has to be right between the things of a site: names that exist, and no two that mean the same. Empty: all is right. */
export function siteMistakes(site: RuledSite, facts: SiteFacts): readonly SiteMistake[] {
  const { defaultReason, country, trunkUsers } = facts;
  const agents = new Set(site.agents.map((a) => a.id));
  const queues = new Set(site.queues.map((q) => q.id));
  return [
    ...KINDS.flatMap((kind) => twice(kind, ["id"], site[kind], (x) => x.id)),
    ...CALLED.flatMap((kind) => conferenceMistakes(kind, site[kind])),
    ...CALLED.flatMap((kind) =>
      emergencyMistakes(
        kind,
        "id",
        site[kind].map((x) => x.id),
      ),
    ),
    ...emergencyMistakes(
      "agents",
      "extension",
      site.agents.map((a) => a.extension),
    ),
    ...emergencyMistakes(
      "entryPoints",
      "number",
      site.entryPoints.map((e) => e.number),
    ),
    ...site.agents.flatMap((a, index) => trunkUserMistakes(a, index, new Set(trunkUsers))),
    ...twice("agents", ["extension"], site.agents, (a) => a.extension),
    ...site.agents.flatMap((a, index) =>
      a.extension !== null && agents.has(a.extension)
        ? [{ kind: "agents" as const, index, path: ["extension"], message: `"${a.extension}" is the id of an agent` }]
        : [],
    ),
    ...site.queues.flatMap((q, index) => membersMistakes(q.agents, agents, index)),
    ...twice("entryPoints", ["number"], site.entryPoints, (e) => e.number.replace(/\D/g, "")),
    ...site.entryPoints.flatMap((e, index) =>
      queues.has(e.queue)
        ? []
        : [{ kind: "entryPoints" as const, index, path: ["queue"], message: `no queue "${e.queue}"` }],
    ),
    ...(["experts", "dialNumbers"] as const).flatMap((kind) => numberMistakes(site, kind, country)),
    ...(site.wrapUpReasons.some((r) => r.id === defaultReason)
      ? []
      : [{ kind: "policy" as const, index: 0, path: ["wrap-up.default"], message: "not one of wrapUpReasons" }]),
  ];
}

const KINDS = [
  "agents",
  "queues",
  "entryPoints",
  "wrapUpReasons",
  "idleReasons",
  "experts",
  "dialNumbers",
] as const satisfies readonly SiteKind[];

/** What is called by its id. */
const CALLED = ["agents", "queues", "entryPoints", "experts"] as const satisfies readonly SiteKind[];

/** CO-6: whoever calls such a name means a conference. */
const conferenceMistakes = (kind: SiteKind, things: readonly { readonly id: string }[]): SiteMistake[] =>
  things.flatMap(({ id }, index) =>
    namesConference(id) ? [{ kind, index, path: ["id"], message: `"${id}" is the name of a conference` }] : [],
  );

/** DN-4: whoever dials it means the emergency service. */
function emergencyMistakes(kind: SiteKind, field: string, dialled: readonly (string | null)[]): SiteMistake[] {
  return dialled.flatMap((text, index) => {
    if (text === null || !isEmergency(text.replace(/[^0-9a-z]/gi, ""))) return [];
    return [{ kind, index, path: [field], message: `"${text}" is an emergency number` }];
  });
}

/** TK-1: one name, one password: a trunk's account is no station's. */
const trunkUserMistakes = (
  agent: RuledSite["agents"][number],
  index: number,
  trunkUsers: ReadonlySet<string>,
): SiteMistake[] =>
  (["id", "extension"] as const).flatMap((field) => {
    const name = agent[field];
    if (name === null || !trunkUsers.has(name)) return [];
    return [{ kind: "agents", index, path: [field], message: `"${name}" is the user name of a trunk` }];
  });

function membersMistakes(members: readonly string[], agents: ReadonlySet<string>, index: number): SiteMistake[] {
  return members.flatMap((member, place) => {
    const at = { kind: "queues" as const, index, path: ["agents", place] };
    if (!agents.has(member)) return [{ ...at, message: `no agent "${member}"` }];
    return members.indexOf(member) < place ? [{ ...at, message: `"${member}" is there twice` }] : [];
  });
}

/** DN-1 to DN-4: what nobody could call is no number to keep. */
function numberMistakes(site: RuledSite, kind: "experts" | "dialNumbers", country: string): SiteMistake[] {
  const isExtension = (digits: string): boolean => site.agents.some((a) => a.extension === digits);
  return site[kind].flatMap(({ number }, index) => {
    const outcome = number === null ? null : parseDialNumber(number, { homeCountry: country, isExtension });
    if (!outcome || outcome.ok) return [];
    return [{ kind, index, path: ["number"], message: `"${number}" cannot be called: ${outcome.error}` }];
  });
}

/** What only one may have, and an earlier one has already. */
function twice<T>(
  kind: SiteKind,
  path: readonly string[],
  things: readonly T[],
  key: (thing: T) => string | null,
): SiteMistake[] {
  const seen = new Set<string>();
  return things.flatMap((thing, index) => {
    const value = key(thing);
    if (value === null) return [];
    if (seen.has(value)) return [{ kind, index, path, message: `"${value}" is there already` }];
    seen.add(value);
    return [];
  });
}
