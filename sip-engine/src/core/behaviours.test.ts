import { describe, expect, it } from "@jest/globals";
import { readFileSync } from "node:fs";
import { casesOfApps } from "./behaviour-of-apps.test-support.js";
import { casesOfCallees } from "./behaviour-of-callees.test-support.js";
import { casesOfCallers } from "./behaviour-of-callers.test-support.js";
import type { Behaviour } from "./behaviour.js";
import type { Case, CoreChoice } from "./behaviour.test-support.js";
import { drachtioServerBehaviour, rfcBehaviour } from "./behaviours.js";
import { Rig } from "./engine.test-support.js";

/** The compiler sees to it that no choice is left out. */
const CASES: Readonly<Record<CoreChoice, Case>> = { ...casesOfApps, ...casesOfCallers, ...casesOfCallees };

/** Choices that matter only together with another. */
const NEEDS: Partial<Record<CoreChoice, CoreChoice>> = { earlyUpdate: "earlyDialogs" };

function rig(options: Case["options"], behaviour: Behaviour): Rig {
  const timers = { t1: 500, t2: 4000, t4: 5000, d: 32_000, firstRepeat: behaviour.firstRepeat * 500 };
  return new Rig({ ...options, behaviour, timers });
}

function only(choice: CoreChoice): Behaviour {
  const needed = NEEDS[choice] ?? choice;
  return {
    ...rfcBehaviour,
    [needed]: drachtioServerBehaviour[needed],
    [choice]: drachtioServerBehaviour[choice],
  };
}

describe.each(Object.entries(CASES))("%s", (name, { what, options, play, rfc, drachtioServer }) => {
  const choice = name as CoreChoice;

  it(`${what}: the first by the RFCs`, () => {
    expect(play(rig(options, rfcBehaviour))).toEqual(rfc);
  });

  it(`${what}: the last as drachtio-server`, () => {
    expect(play(rig(options, only(choice)))).toEqual(drachtioServer);
  });

  it(`${what}: the last with all of drachtio-server's ways at once`, () => {
    expect(play(rig(options, drachtioServerBehaviour))).toEqual(drachtioServer);
  });
});

it("the README lists every choice", () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const missing = Object.keys(rfcBehaviour).filter(
    (choice) => choice !== "name" && !readme.includes(`| \`${choice}\``),
  );
  expect(missing).toEqual([]);
});
