import type { PhoneAccount } from "../../src/ports/phone.js";
import type { Bridge } from "../page/main.js";

declare global {
  interface Window {
    readonly bridge: Bridge;
  }
}

/** Chromium with fake devices that needs no network but loopback. */
export const CALL_FLAGS: string[] = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--use-fake-ui-for-media-stream",
  "--use-fake-device-for-media-stream",
  "--allow-loopback-in-peer-connection",
  "--autoplay-policy=no-user-gesture-required",
];

/** What the test's registrar knows the agent by. */
export const account = (password: string): PhoneAccount => ({
  uri: "sip:anna@test",
  username: "anna",
  password,
  realm: "test",
  path: "/sip",
});
