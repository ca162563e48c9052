import { z } from "zod";
import { id } from "./fields.js";

export const station = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("browser") }),
  z.object({ kind: z.literal("extension"), extension: z.string().regex(/^[0-9]{3,6}$/) }),
]);
export type Station = z.infer<typeof station>;

export const signInRequest = z
  .object({
    agent: z.string().min(1).max(64),
    password: z.string().min(1).max(256),
    station: station.default({ kind: "browser" }),
    /** Ends the desktop this agent has open elsewhere. Refused with `already-signed-in` when absent and there is one. */
    takeOver: z.boolean().default(false),
  })
  .strict();
export type SignInRequest = z.input<typeof signInRequest>;

export const role = z.enum(["agent", "supervisor", "admin"]);

/** Answer to sign-in and to GET /api/session. The cookie is HttpOnly; `csrf` goes into the X-CSRF-Token header of every change. */
export const session = z.object({
  agent: z.object({ id, name: z.string(), role }),
  station,
  csrf: z.string(),
  /** Short-lived digest credentials for the browser's SIP user agent (MD5); null when the station is an extension. */
  sip: z
    .object({
      uri: z.string(), // sip:user@domain
      username: z.string(),
      password: z.string(),
      realm: z.string(),
      path: z.string(), // of the SIP WebSocket, same origin
    })
    .nullable(),
});
export type Session = z.infer<typeof session>;
