import type { Habits } from "./phone-families.js";
import { SITE_DOMAIN } from "./site.js";

/** What a make's habits are in the keys of the scenarios in e2e/scenarios/phones, with a transfer to this extension. */
export function asSippKeys(habits: Habits, target: string): readonly string[] {
  const described = (direction: string, change: (sdp: string) => string): readonly [string, string] => {
    const sdp = change(`c=IN IP4 127.0.0.1\r\na=${direction}\r\n`);
    return [/^c=IN IP4 (\S+)/m.exec(sdp)![1]!, /^a=(\S+)/m.exec(sdp)?.[1] ?? "ptime:20"];
  };
  const [holdAddress, hold] = described("sendonly", habits.holds);
  const [, resume] = described("sendrecv", habits.resumes);
  const referTo = habits.referTo({ user: target, domain: SITE_DOMAIN, contact: `sip:${target}@${SITE_DOMAIN}` }, "x");
  const keys: Readonly<Record<string, string>> = {
    domain: SITE_DOMAIN,
    name: habits.displayName,
    contact: habits.contactParameters,
    headers: habits.headers.map(([name, value]) => `${name}: ${value}`).join("\r\n") || "X-Nothing: 1",
    "hold-address": holdAddress,
    hold,
    resume,
    "refer-to": referTo.replace(/\?[^>]*/, ""),
  };
  return Object.entries(keys).flatMap(([name, value]) => ["-key", name, value]);
}

/** The same for its way to leave after a transfer, in the scenario that transfers. */
export const leavingAsSipp = ({ hangsUp }: Habits): readonly string[] =>
  hangsUp === "when accepted" ? ["-set", "hangsup", "1"] : [];
