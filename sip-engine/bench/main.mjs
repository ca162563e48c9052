#!/usr/bin/env node
// What the engine costs: `npm run bench:sip` (calls over UDP), `-- --ws` (WebSocket), `-- --heap` (what calls leave behind).
// Starts the engine, a drachtio-srf application and the load itself, all on loopback. Needs Debian's sip-tester.
import { parseArgs } from "node:util";
import { benchCalls } from "./calls.mjs";
import { benchHeap } from "./heap.mjs";
import { benchWebSockets } from "./web-sockets.mjs";

const { values } = parseArgs({
  options: {
    ws: { type: "boolean" },
    heap: { type: "boolean" },
    "no-search": { type: "boolean" },
    profile: { type: "string" },
  },
});

if (values.ws) await benchWebSockets({ search: values["no-search"] !== true });
else if (values.heap) await benchHeap();
else {
  const profile = values.profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${values.profile}`];
  await benchCalls({ search: values["no-search"] !== true, profile });
}
