import { beforeEach, describe, expect, it } from "@jest/globals";
import type { Desktop } from "@legwork/shared/api";
import { brand, type AgentId } from "@legwork/shared/ids";
import { Desktops, type DesktopsDeps, type Stream } from "./desktops.js";

const anna = brand<AgentId>("anna");

describe("an agent's desktop", () => {
  let waiting: number;
  let desktops: Desktops;
  let told: string[];

  beforeEach(() => {
    [waiting, told] = [0, []];
    desktops = new Desktops({
      clock: { now: () => 1, after: () => () => undefined },
      site: { wrapUpReasons: [], idleReasons: [] },
      agents: { get: () => ({ record: { name: "Anna", role: "agent" }, state: { kind: "available" }, since: 1 }) },
      queues: { waitingFor: () => waiting },
      wrapUps: { openOf: () => [] },
      wrapUpPolicy: {},
      viewFor: () => null,
      historyRevision: () => 0,
      stationOf: () => "browser",
      demoCustomer: false,
      epoch: "e",
    } as unknown as DesktopsDeps);
  });

  const stream = (name: string): Stream => ({
    desktop: (_id: string, desktop: Desktop) => void told.push(`${name} ${desktop.waiting}`),
    notice: (_id, notice) => void told.push(`${name} ${notice.kind}`),
    end: (why) => void told.push(`${name} ended: ${why}`),
  });
  /** Changes are sent together at the end of the turn. */
  const changed = async (to: number): Promise<void> => {
    waiting = to;
    desktops.changed([anna]);
    await Promise.resolve();
  };

  it("is sent whole when a stream opens, and when it is another than before", async () => {
    desktops.open(anna, stream("page"), null);
    await changed(1);
    await changed(1);
    expect(told).toEqual(["page 0", "page 1"]);
  });

  it("is sent again as it was before, when a stream has seen it otherwise meanwhile", async () => {
    const close = desktops.open(anna, stream("first"), null);
    await changed(1);
    close();
    await changed(2);
    desktops.open(anna, stream("second"), null);
    await changed(1);
    expect(told).toEqual(["first 0", "first 1", "second 2", "second 1"]);
  });

  it("comes with the notices that were missed, and says why it ends", async () => {
    const ids: string[] = [];
    const close = desktops.open(anna, { ...stream("page"), desktop: (id) => void ids.push(id) }, null);
    close();
    desktops.notice(anna, "customer-left", null, null);
    desktops.open(anna, stream("again"), ids[0]!);
    desktops.open(anna, stream("new"), null);
    desktops.open(anna, stream("older"), "another-start:0");
    desktops.close(anna, "taken-over");
    expect(told).toEqual([
      "again customer-left",
      "again 0",
      "new 0",
      "older 0",
      "again ended: taken-over",
      "new ended: taken-over",
      "older ended: taken-over",
    ]);
  });
});
