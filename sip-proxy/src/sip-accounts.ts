import { brand, type AgentId } from "@legwork/shared/ids";
import type { SiteData } from "@legwork/shared/store";
import type { SipAccount } from "./adapters/srf/authenticator.js";
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

/** Who may authenticate with SIP: trunks, the browsers of who is signed in, telephones. Null: nobody of that name. */
export const accounts =
  ({ realm, site, sessions, trunks }: SipAccounts) =>
  (user: string): SipAccount | null => {
    const trunk = trunks.find((t) => t.inbound?.credentials?.username === user)?.inbound?.credentials;
    const password = trunk?.password ?? sessions.of(brand<AgentId>(user))?.sipPassword;
    if (password !== undefined) {
      const ha1 = ha1Of(user, realm, password).md5; // SIP.js knows MD5 only
      return { algorithm: "MD5", ha1, kind: trunk ? "trunk" : "station" };
    }
    const phone = site.agents.find((a) => a.extension === user && !a.disabled)?.phoneHa1;
    if (phone?.realm !== realm) return null;
    const algorithm = phone.algorithm ?? "MD5";
    return { algorithm, ha1: algorithm === "MD5" ? phone.md5 : phone.sha256, kind: "station" };
  };
