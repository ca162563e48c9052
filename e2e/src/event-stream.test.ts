import { describe, expect, it } from "@jest/globals";
import { eventsOf } from "./event-stream.js";

async function read(...chunks: readonly string[]): Promise<unknown[]> {
  const bytes = chunks.map((chunk) => new TextEncoder().encode(chunk));
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of bytes) controller.enqueue(chunk);
      controller.close();
    },
  });
  const events: unknown[] = [];
  for await (const event of eventsOf(new Response(body))) events.push(event);
  return events;
}

describe("server-sent events", () => {
  it("come whole, however the stream is cut", async () => {
    expect(await read("id: 1\nevent: desktop\nda", 'ta: {"a":1}\n', "\nid: 2\nevent: notice\ndata: {}\n\n")).toEqual([
      { event: "desktop", data: '{"a":1}' },
      { event: "notice", data: "{}" },
    ]);
  });

  it("are not the comments that keep a stream open, nor what is cut off at the end", async () => {
    expect(await read(": still here\n\n", "data: x\n\ndata: y")).toEqual([{ event: "message", data: "x" }]);
  });
});
