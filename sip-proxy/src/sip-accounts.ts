import { brand, type AgentId } from "@legwork/shared/ids";
import type { SiteData } from "@legwork/shared/store";
import { ha1Of } from "./adapters/system/system.js";
import type { Sessions } from "./app/sessions.js";
import type { Trunk } from "./domain/trunk-schema.js";

export interface SipAccounts {
  readonly realm: string;
  /** Changes while we run (DI-1). */
  readonly site: Pick<SiteData, "agents">;
  readonly sessions: Sessions;
  readonly trunks: readonly Trunk[];
}

/** Who may authenticate with SIP: trunks, the browsers of who is signed in, telephones. Gives MD5(user:realm:password), or null. */
export const accounts =
  ({ realm, site, sessions, trunks }: SipAccounts) =>
  (user: string): string | null => {
    const trunk = trunks.find((t) => t.inbound?.credentials?.username === user)?.inbound?.credentials;
    const password = trunk?.password ?? sessions.of(brand<AgentId>(user))?.sipPassword;
    if (password !== undefined) return ha1Of(user, realm, password).md5;
    const phone = site.agents.find((a) => a.extension === user && !a.disabled)?.phoneHa1;
    return phone?.realm === realm ? phone.md5 : null;
  };
