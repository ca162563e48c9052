import { describe, expect, it } from "@jest/globals";
import { brand, type AgentId } from "@legwork/shared/ids";
import type { AgentRecord } from "@legwork/shared/store";
import { Agents } from "./agents.js";
import type { Log } from "../ports/log.js";
import type { Interactions } from "./interactions.js";
import { Watching, type Watch } from "./watching.js";

const silence = (): void => undefined;
const quiet: Log = { debug: silence, info: silence, warn: silence, error: silence, child: () => quiet };

const record = (id: string, extension: string): AgentRecord => ({
  id: brand<AgentId>(id),
  name: id,
  role: "agent",
  extension,
  disabled: false,
  passwordHash: "",
  phoneHa1: null,
});

function site() {
  const agents: Agents = new Agents([record("eva", "2001"), record("finn", "2002")], {
    clock: { now: () => 0, after: () => () => undefined },
    log: quiet,
    hasOpenWrapUps: () => false,
    changed: () => undefined,
    left: () => undefined,
  });
  const interactions = { state: () => null, viewFor: () => null } as Pick<Interactions, "state" | "viewFor">;
  return { agents, watching: new Watching({ agents, interactions, domain: "legwork.test", lampOf: () => null }) };
}
const documentOf = (watch: Watch): string | null => ("refused" in watch ? String(watch.refused) : watch.document(0));

describe("watching", () => {
  it("[SG-7] is for agents and their telephones, by either name, and for no trunk", () => {
    const { watching } = site();
    for (const subscriber of ["finn", "2002"])
      for (const user of ["eva", "2001"])
        expect(documentOf(watching.watch("dialog", user, subscriber))).toContain(`entity="sip:${user}@legwork.test"`);
    expect(watching.watch("dialog", "2001", "some-trunk")).toEqual({ refused: 403 });
    expect(watching.watch("presence", "9999", "2002")).toEqual({ refused: 404 });
    expect(watching.watch("message-summary", "2001", "2002")).toEqual({ refused: 403 });
    expect(documentOf(watching.watch("message-summary", "2001", "eva"))).toContain("Messages-Waiting: no");
  });

  it("[SG-7] ends when the watched or the watcher leaves the site", () => {
    for (const gone of ["eva", "finn"]) {
      const { agents, watching } = site();
      const watch = watching.watch("dialog", "2001", "2002");
      agents.remove(brand<AgentId>(gone));
      expect(documentOf(watch)).toBeNull();
    }
  });

  it("[SG-7] follows an extension no further than to the agent it was watched for", () => {
    const { agents, watching } = site();
    const watch = watching.watch("dialog", "2001", "2002");
    agents.put({ ...record("eva", "2005") });
    expect(documentOf(watch)).toBeNull();
  });
});
