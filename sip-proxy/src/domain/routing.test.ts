import { describe, expect, it } from "@jest/globals";
import { brand, type AgentId, type InteractionId } from "@legwork/shared/ids";
import { assign } from "./routing.js";

const contacts = (...ids: string[]) => ids.map((id) => brand<InteractionId>(id));
const free = (id: string, availableSince: number) => ({ agent: brand<AgentId>(id), availableSince });

describe("routing", () => {
  it("[QU-1] offers the first contact to the agent who has been available longest", () => {
    expect(assign(contacts("a", "b"), [free("late", 200), free("early", 100)])).toEqual([
      { interaction: "a", agent: "early" },
      { interaction: "b", agent: "late" },
    ]);
  });

  it("[QU-1] leaves contacts waiting when there are more of them than agents, and agents when there are fewer", () => {
    expect(assign(contacts("a", "b"), [free("one", 1)])).toHaveLength(1);
    expect(assign(contacts("a"), [free("one", 1), free("two", 2)])).toEqual([{ interaction: "a", agent: "one" }]);
    expect(assign([], [free("one", 1)])).toEqual([]);
  });

  it("is the same for the same input, whatever its order", () => {
    const agents = [free("b", 1), free("a", 1)];
    expect(assign(contacts("x"), agents)).toEqual(assign(contacts("x"), [...agents].reverse()));
  });
});
