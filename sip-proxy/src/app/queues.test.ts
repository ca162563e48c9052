import { beforeEach, describe, expect, it } from "@jest/globals";
import { brand, type AgentId, type InteractionId, type QueueId } from "@legwork/shared/ids";
import type { AgentRecord, QueueRecord } from "@legwork/shared/store";
import { Agents } from "./agents.js";
import { Queues } from "./queues.js";

const quiet = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => quiet,
};
const call = (id: string) => brand<InteractionId>(id);
const person = (id: string) => brand<AgentId>(id);
const support = brand<QueueId>("support");
const sales = brand<QueueId>("sales");
const record = (id: string): AgentRecord => ({
  id: person(id),
  name: id,
  role: "agent",
  extension: null,
  disabled: false,
  passwordHash: "",
  phoneHa1: null,
});
const queue = (id: QueueId, ...agents: string[]): QueueRecord => ({ id, name: id, agents: agents.map(person) });

describe("the queues of a site", () => {
  let now: number;
  let agents: Agents;
  let queues: Queues;
  let offers: string[];

  /** Wired as the product does it: every change of an agent looks for work. */
  function open(people: readonly string[], ...records: QueueRecord[]): void {
    now = 0;
    offers = [];
    agents = new Agents(people.map(record), {
      clock: { now: () => ++now, after: () => () => undefined },
      log: quiet,
      hasOpenWrapUps: () => false,
      changed: () => queues.route(),
      left: () => undefined,
    });
    queues = new Queues(
      records,
      agents,
      (interaction, agent) => void offers.push(`${interaction} to ${agent}`),
      () => undefined,
    );
  }

  function available(id: string): void {
    agents.signedIn(person(id));
    agents.setReachable(person(id), true);
    agents.choose(person(id), { kind: "available" });
  }

  const handled = (id: string, interaction: string, queueId: QueueId): void => {
    queues.leave(queueId, call(interaction));
    agents.release(person(id), call(interaction), "handled");
  };

  beforeEach(() => open(["anna", "bo"], queue(support, "anna", "bo"), queue(sales, "bo")));

  it("[QU-1] gives an agent of several queues the contact that has waited longest, whatever its queue", () => {
    queues.enqueue(sales, call("first"), false);
    queues.enqueue(support, call("second"), false);
    queues.enqueue(sales, call("third"), false);
    available("bo");
    expect(offers).toEqual(["first to bo"]);
    handled("bo", "first", sales);
    handled("bo", "second", support);
    expect(offers).toEqual(["first to bo", "second to bo", "third to bo"]);
  });

  it("[QU-1] offers one contact to one agent, however many are free", () => {
    available("anna");
    available("bo");
    queues.enqueue(support, call("one"), false);
    expect(offers).toEqual(["one to anna"]);
    expect(agents.get(person("bo"))?.state.kind).toBe("available");
    queues.enqueue(support, call("two"), false);
    expect(offers).toEqual(["one to anna", "two to bo"]);
  });

  it("[QU-1] keeps the place of a contact whose offer failed, and tries the next agent", () => {
    available("anna");
    queues.enqueue(support, call("one"), false);
    queues.enqueue(support, call("two"), false);
    agents.release(person("anna"), call("one"), "not-answered");
    queues.enqueue(support, call("one"), false);
    available("bo");
    expect(offers).toEqual(["one to anna", "one to bo"]);
    expect(agents.get(person("anna"))?.state.kind).toBe("rona");
  });

  it("[QU-2] keeps nothing of contacts who gave up, offered or not", () => {
    available("anna");
    queues.enqueue(support, call("offered"), false);
    queues.enqueue(support, call("waits"), false);
    queues.leave(support, call("waits"));
    queues.leave(support, call("offered"));
    agents.release(person("anna"), call("offered"), "caller-gone");
    expect(queues.dump()).toEqual([
      { queue: "support", waiting: 0 },
      { queue: "sales", waiting: 0 },
    ]);
    expect([queues.waitingFor(person("anna")), offers]).toEqual([0, ["offered to anna"]]);
    expect(agents.get(person("anna"))?.state.kind).toBe("available");
  });

  it("[SE-1] puts who comes back before everybody who waits", () => {
    queues.enqueue(sales, call("long"), false);
    queues.enqueue(support, call("back"), true);
    available("bo");
    expect(offers).toEqual(["back to bo"]);
  });

  it("[DI-1] offers to a new member at once what waits already, and no more to one who left", () => {
    queues.enqueue(sales, call("one"), false);
    queues.enqueue(sales, call("two"), false);
    available("anna");
    expect([offers, queues.waitingFor(person("anna"))]).toEqual([[], 0]);
    queues.put(queue(sales, "anna", "bo"));
    expect([offers, queues.waitingFor(person("anna"))]).toEqual([["one to anna"], 2]);
    queues.put(queue(sales, "bo"));
    handled("anna", "one", sales);
    expect(offers).toEqual(["one to anna"]);
    available("bo");
    expect(offers).toEqual(["one to anna", "two to bo"]);
  });

  it("[DI-1] serves who waits in a queue that was removed, and shows it no more", () => {
    queues.enqueue(sales, call("one"), false);
    queues.remove(sales);
    expect(queues.all().map((q) => q.record.id)).toEqual([support]);
    available("bo");
    expect(offers).toEqual(["one to bo"]);
  });
});
