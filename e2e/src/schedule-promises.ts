import type { AutoPhone } from "./auto-phone.js";
import { nowMs } from "./clock.js";
import type { PhoneAgent } from "./phone-agent.js";
import { TONES } from "./phone-site.js";
import { type KnownSounds, leakDbfs } from "./privacy.js";
import type { RtpCustomer } from "./rtp-customer.js";
import { mayMeet, type Schedule } from "./schedule.js";
import { LEAKED_DBFS } from "./tones.js";

// What holds whatever anybody does; each returns what was broken.

/** CO-1, CO-11, CF-5: whoever was only consulted commands nothing. */
export async function asksForTooMuch(consulted: PhoneAgent, owner: string): Promise<readonly string[]> {
  const { interaction } = await consulted.desktop();
  if (interaction?.role !== "consulted") return [];
  const target = { kind: "agent", agent: owner };
  const broken: string[] = [];
  for (const command of [
    { type: "consult", target },
    { type: "blind-transfer", target },
    { type: "end" },
    { type: "resume" },
    { type: "transfer" },
    { type: "conference" },
  ]) {
    const { code, status } = await consulted.call("POST", `/api/interactions/${interaction.id}/commands`, command);
    const now = (await consulted.desktop()).interaction?.role;
    if (code === null && now === "consulted") broken.push(`the consulted party could ${command.type} (${status})`);
  }
  return broken;
}

/** WU-2: one wrap-up for each who owned it, none for who was only consulted. Submits what there is. */
export async function wrapUpMistakes(
  [owner, colleague]: readonly [AutoPhone, AutoPhone],
  owned: ReadonlySet<AutoPhone>,
  schedule: Schedule,
): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const one of [owner, colleague]) {
    const { wrapUps } = await one.agent.desktop();
    const may = one === owner || (mayMeet(schedule) && schedule.target !== "number");
    const must = owned.has(one) ? 1 : 0;
    if (wrapUps.length > (may ? 1 : 0) || wrapUps.length < must)
      broken.push(`${wrapUps.length} wrap-ups instead of ${must}`);
    await one.agent.settle();
  }
  return broken;
}

/** MX-1: a consult is not heard by the customer, nor the customer by the consulted party. */
export function leaks(
  customer: RtpCustomer,
  party: RtpCustomer,
  known: KnownSounds,
  fromMs: number,
): readonly string[] {
  return (
    [
      [customer, TONES.colleague],
      [party, TONES.customer],
    ] as const
  ).flatMap(([{ name, rtp }, tone]) => {
    const level = leakDbfs(rtp.recording, tone, { tones: [TONES.owner], known }, fromMs, nowMs());
    return level > LEAKED_DBFS ? [`${name} heard ${tone} Hz at ${level.toFixed(1)} dBFS`] : [];
  });
}
