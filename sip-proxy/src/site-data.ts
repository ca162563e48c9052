import { brand, type AgentId } from "@legwork/shared/ids";
import type { SiteData, SiteKind } from "@legwork/shared/store";
import { ha1Of, hashPassword } from "./adapters/system/system.js";
import type { WrapUpPolicy } from "./app/wrap-ups.js";
import type { Site } from "./domain/site.js";
import type { Log } from "./ports/log.js";

/** The site file as the store keeps it: of passwords only what they are checked against. */
export async function siteData(site: Site): Promise<SiteData> {
  const agents = await Promise.all(
    site.agents.map(async ({ id, name, role, extension, password, phonePassword, phoneDigest }) => ({
      id: brand<AgentId>(id),
      name,
      role,
      extension,
      disabled: false,
      passwordHash: await hashPassword(password),
      phoneHa1:
        extension && phonePassword
          ? { ...ha1Of(extension, site.domain, phonePassword), ...(phoneDigest && { algorithm: phoneDigest }) }
          : null,
    })),
  );
  return {
    agents,
    queues: site.queues.map((q) => ({ id: brand(q.id), name: q.name, agents: q.agents.map((a) => brand(a)) })),
    entryPoints: site.entryPoints.map((e) => ({ ...e, id: brand(e.id), queue: brand(e.queue) })),
    wrapUpReasons: site.wrapUpReasons,
    idleReasons: site.idleReasons,
    experts: site.experts,
    dialNumbers: site.dialNumbers,
  };
}

/** What of the site file has no effect, because the database counts, is no riddle. Throws when the two cannot work together. */
export function compare(site: Site, data: SiteData, log: Log): void {
  const reason = site.policy["wrap-up.default"];
  if (!data.wrapUpReasons.some((r) => r.id === reason))
    throw new Error(`policy "wrap-up.default" of the site file: the database has no wrap-up reason "${reason}"`);
  const kinds = Object.keys(data) as SiteKind[];
  const ids = (things: readonly { readonly id: string }[]): string =>
    things
      .map((t) => t.id)
      .sort()
      .join();
  const differ = kinds.filter(
    (kind) => kind in site && ids(site[kind as keyof typeof site & SiteKind]) !== ids(data[kind]),
  );
  if (differ.length > 0) log.info({ differ }, "the site file is not what the database has: the database counts");
  const strangers = data.agents.filter((a) => a.phoneHa1 && a.phoneHa1.realm !== site.domain).map((a) => a.id);
  if (strangers.length > 0)
    log.warn(
      { agents: strangers },
      "the site's domain is another now: set the passwords of these agents' phones again",
    );
}

/** The policy of the site file, with the reasons that there are now. */
export const wrapUpPolicyOf = (site: Site, data: SiteData): WrapUpPolicy => ({
  autoSeconds: site.policy["wrap-up.auto.seconds"],
  mayCancel: site.policy["wrap-up.auto.cancel"],
  defaultReason: site.policy["wrap-up.default"],
  get reasons() {
    return data.wrapUpReasons.map((r) => r.id);
  },
});
