import type { CallPanel } from "@legwork/shared/call-panel";
import { ApiClient, EventStream } from "../api-client/index.js";
import { ActiveTab, KeptMute, Panel } from "../panel/index.js";
import { BrowserAudio } from "../ua/browser-audio.js";

export interface CallPanelOptions {
  /**
   * Path below which this page's origin serves Legwork, without a slash at its end, such as `/phone`. Empty: at the root.
   * It has to be the page's own origin: the session's cookie is SameSite=Strict, and the server takes no WebSocket from another.
   */
  readonly base?: string;
}

/**
 * The call panel without anything to see: state, events, commands, and the browser's phone. One for each page. `restore()` takes up the
 * session that is there; `signIn()` begins one.
 */
export function createCallPanel({ base = "" }: CallPanelOptions = {}): CallPanel {
  const audio = new BrowserAudio();
  return new Panel({
    api: new ApiClient(base),
    audio,
    keptMute: new KeptMute(`legwork.muted${base}`),
    tab: new ActiveTab(`legwork-desktop${base}`),
    openStream: (listener) => new EventStream(base, listener),
    // SIP.js comes after sign-in, and only where this browser is the station.
    makePhone: async (account, events) => {
      const { SipPhone } = await import("../ua/index.js");
      const { protocol, host } = location;
      return new SipPhone({ ...account, path: `${base}${account.path}` }, { protocol, host }, events, audio);
    },
  });
}
