import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { EventStream } from "../../src/api-client/events.js";

const SILENCE_MS = 500;

/** The requests there have been: the id each asked to go on from, and what can be sent on it. */
let requests: { readonly lastId: string | undefined; readonly response: ServerResponse }[];
let server: Server;
let stream: EventStream;
let next: () => void;
const page = globalThis as { window?: EventTarget };

beforeEach(async () => {
  requests = [];
  next = () => undefined;
  page.window = new EventTarget();
  server = createServer((request, response) => {
    requests.push({ lastId: request.headers["last-event-id"] as string | undefined, response });
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write(`id: ${requests.length}\nevent: notice\ndata: {"kind":"customer-left","at":""}\n\n`);
    next();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});

afterEach(async () => {
  stream.stop();
  delete page.window;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** Starts to listen; resolves when the server has been asked so many times. */
function start(silenceMs: number): { readonly links: boolean[]; readonly asked: (count: number) => Promise<void> } {
  const links: boolean[] = [];
  const listener = {
    linkChanged: (up: boolean) => void links.push(up),
    desktop: () => undefined,
    notice: () => undefined,
    signedOut: () => undefined,
  };
  stream = new EventStream(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, listener, silenceMs);
  stream.start();
  const asked = async (count: number): Promise<void> => {
    while (requests.length < count) await new Promise<void>((resolve) => (next = resolve));
  };
  return { links, asked };
}

describe("an event stream on which nothing comes any more", () => {
  it("[DF-11] is given up, told of, and opened again from the last whole event on", async () => {
    const { links, asked } = start(SILENCE_MS);
    await asked(1);
    requests[0]?.response.write("id: 99\nevent: notice\n"); // half an event, and then silence: the connection stays open
    await asked(2);
    expect(requests.map(({ lastId }) => lastId)).toEqual([undefined, "1"]);
    expect(links.slice(0, 2)).toEqual([true, false]);
  });

  it("[DF-11] is opened again at once when the browser says that the network is back", async () => {
    const { asked } = start(60_000);
    await asked(1);
    page.window?.dispatchEvent(new Event("online"));
    await asked(2);
  });
});
