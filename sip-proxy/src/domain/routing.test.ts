import { describe, expect, it } from "@jest/globals";
import { brand, type AgentId, type InteractionId } from "@legwork/shared/ids";
import { assign } from "./routing.js";

const contact = (interaction: string, ...agents: string[]) => ({
  interaction: brand<InteractionId>(interaction),
  agents: agents.map((a) => brand<AgentId>(a)),
});
const free = (id: string, availableSince: number) => ({ agent: brand<AgentId>(id), availableSince });

describe("routing", () => {
  it("[QU-1] offers the first contact to the agent who has been available longest", () => {
    const waiting = [contact("a", "late", "early"), contact("b", "late", "early")];
    expect(assign(waiting, [free("late", 200), free("early", 100)])).toEqual([
      { interaction: "a", agent: "early" },
      { interaction: "b", agent: "late" },
    ]);
  });

  it("[QU-1] leaves contacts waiting when there are more of them than agents, and agents when there are fewer", () => {
    expect(assign([contact("a", "one"), contact("b", "one")], [free("one", 1)])).toHaveLength(1);
    expect(assign([contact("a", "one", "two")], [free("one", 1), free("two", 2)])).toEqual([
      { interaction: "a", agent: "one" },
    ]);
    expect(assign([], [free("one", 1)])).toEqual([]);
  });

  it("[QU-1] gives an agent of several queues the contact that has waited longest, whatever its queue", () => {
    const waiting = [contact("sales-1", "both"), contact("support-1", "support", "both"), contact("sales-2", "both")];
    expect(assign(waiting, [free("both", 1)])).toEqual([{ interaction: "sales-1", agent: "both" }]);
    expect(assign(waiting, [free("both", 1), free("support", 2)])).toEqual([
      { interaction: "sales-1", agent: "both" },
      { interaction: "support-1", agent: "support" },
    ]);
  });

  it("[QU-1] lets a contact whose queue has no free agent wait, and goes on with the next", () => {
    const waiting = [contact("a", "busy"), contact("b", "busy", "free")];
    expect(assign(waiting, [free("free", 1)])).toEqual([{ interaction: "b", agent: "free" }]);
  });

  it("is the same for the same input, whatever its order", () => {
    const agents = [free("b", 1), free("a", 1)];
    const waiting = [contact("x", "a", "b")];
    expect(assign(waiting, agents)).toEqual(assign(waiting, [...agents].reverse()));
  });
});
