import { describe, expect, it } from "@jest/globals";
import { Changes } from "./changes.js";

describe("waiting for a change", () => {
  it("ends at the change that brings the thing, and not before", async () => {
    const changes = new Changes();
    let count = 0;
    let looks = 0;
    const there = changes.until(() => {
      looks += 1;
      return count >= 2 ? undefined : `${count} of 2`;
    });
    for (count = 1; count <= 2; count++) changes.happened();
    await there;
    changes.happened();
    expect(looks).toBe(3); // at once, and after each change
  });

  it("says what is still missing when it does not come", async () => {
    await expect(new Changes().until(() => "no dial tone", 1)).rejects.toThrow("after 1 ms: no dial tone");
  });

  it("rejects with what looking throws", async () => {
    const fault = new Error("no such call");
    await expect(
      new Changes().until(() => {
        throw fault;
      }),
    ).rejects.toBe(fault);
  });
});
