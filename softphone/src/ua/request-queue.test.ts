import { describe, expect, it } from "@jest/globals";
import { Glare, RequestQueue } from "./request-queue.js";

const noWait = () => Promise.resolve();

describe("the queue of a leg's requests", () => {
  it("[SG-4] sends one at a time, in order", async () => {
    const queue = new RequestQueue(noWait);
    const log: string[] = [];
    const request = (name: string) => async () => {
      log.push(`${name} out`);
      await Promise.resolve();
      log.push(`${name} in`);
    };
    await Promise.all([queue.run(request("hold")), queue.run(request("unhold"))]);
    expect(log).toEqual(["hold out", "hold in", "unhold out", "unhold in"]);
  });

  it("[SG-4] tries again after glare, each time after its wait", async () => {
    let waits = 0;
    const queue = new RequestQueue(async () => void waits++);
    let tries = 0;
    const result = await queue.run(async () => {
      if (++tries < 3) throw new Glare();
      return "accepted";
    });
    expect({ result, waits }).toEqual({ result: "accepted", waits: 2 });
  });

  it("gives up on endless glare, and goes on after a refusal", async () => {
    const queue = new RequestQueue(noWait);
    await expect(queue.run(() => Promise.reject(new Glare()))).rejects.toBeInstanceOf(Glare);
    await expect(queue.run(() => Promise.reject(new Error("488")))).rejects.toThrow("488");
    await expect(queue.run(async () => "next")).resolves.toBe("next");
  });
});
