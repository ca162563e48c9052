import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import type { PhoneAgent } from "./phone-agent.js";
import type { Product } from "./product.js";

const REPLAY = fileURLToPath(new URL("../../sip-proxy/test/support/replay-logs.mjs", import.meta.url));
const PAGE = 500;

/** What the product did in one step, as its own log tells it at debug level. */
interface Step {
  readonly interaction?: string;
  readonly msg?: string;
  readonly state?: object;
}

/** What is wrong with the event logs that an administrator is shown: each must lead, event by event, to the states that the product was in. */
export async function replayMistakes(product: Product, admin: PhoneAgent): Promise<readonly string[]> {
  const ids = await interactionsOf(admin);
  const logs: (readonly object[])[] = [];
  for (const id of ids) logs.push(await eventsOf(admin, id));
  const options = { input: JSON.stringify(logs), maxBuffer: 1 << 28, encoding: "utf8" } as const;
  const replayed = JSON.parse(execFileSync(process.execPath, [REPLAY], options)) as object[][];
  const lived = statesIn(product.logOf("sip-proxy"));
  if (ids.length === 0) return ["there is no log"];
  return ids.flatMap((id, n) => {
    const [got, want] = [replayed[n]!, lived.get(id) ?? []];
    const at = want.findIndex((state, i) => !isDeepStrictEqual(state, got[i]));
    if (at === -1 && got.length === want.length) return [];
    const [led, was] = [got[at], want[at]].map((state) => JSON.stringify(state));
    return [`${id}: event ${at + 1} of ${want.length} leads to ${led}, and the call was in ${was}`];
  });
}

async function interactionsOf(admin: PhoneAgent): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let before = ""; ;) {
    const { body } = await admin.call("GET", `/api/admin/interactions?limit=${PAGE}${before}`);
    const { interactions } = body as { interactions: { id: string }[] };
    ids.push(...interactions.map(({ id }) => id));
    if (interactions.length < PAGE) return ids;
    before = `&before=${ids.at(-1)}`;
  }
}

async function eventsOf(admin: PhoneAgent, id: string): Promise<readonly object[]> {
  const { body } = await admin.call("GET", `/api/admin/interactions/${id}/events`);
  const { events } = body as { events: { at: string; type: string; event: object }[] };
  return events.map(({ at, event, type }) => ({ ...event, type, at: Date.parse(at) }));
}

function statesIn(log: string): ReadonlyMap<string, object[]> {
  const states = new Map<string, object[]>();
  for (const line of log.split("\n")) {
    if (!line.includes('"interaction step"')) continue;
    const { interaction, state } = JSON.parse(line) as Step;
    if (interaction && state) states.set(interaction, [...(states.get(interaction) ?? []), state]);
  }
  return states;
}
