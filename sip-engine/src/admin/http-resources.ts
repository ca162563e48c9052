import { LEVELS } from "../config.js";
import { traceMethods, traceReply } from "../trace/requests.js";
import { jsonReply } from "./http-server.js";
import type { Resource } from "./http-server.js";
import type { WireTap } from "./wire-tap.js";

/** `/trace` and everything below it. */
export function sipTrace(tap: WireTap): Resource {
  return { methods: traceMethods, answer: (ask) => traceReply(ask, tap) };
}

/** `/log-level`: `{"level": "debug"}`. */
export function logLevel(tap: WireTap): Resource {
  return {
    methods: () => ["GET", "PUT"],
    answer: ({ method, body }) => {
      if (method === "PUT") {
        const level = body !== null && typeof body === "object" && "level" in body ? body.level : undefined;
        const known = LEVELS.find((one) => one === level);
        if (known === undefined) return jsonReply(400, { error: `level: need one of ${LEVELS.join(", ")}` });
        tap.logLevel = known;
      }
      return jsonReply(200, { level: tap.logLevel });
    },
  };
}
