import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { I18nextProvider } from "react-i18next";
import { ApiClient, EventStream } from "./api-client/index.js";
import { BrowserAudio } from "./ua/browser-audio.js";
import { Panel } from "./panel/index.js";
import { App, PanelProvider, startI18n } from "./ui/index.js";
import "./ui/styles/base.css";

const audio = new BrowserAudio();
const panel = new Panel({
  api: new ApiClient(),
  audio,
  openStream: (listener) => new EventStream(listener),
  // SIP.js and the desktop come after sign-in: the sign-in page is there at once.
  makePhone: async (account, events) => {
    const { SipPhone } = await import("./ua/index.js");
    return new SipPhone(account, location, events, audio);
  },
});

const root = document.getElementById("app");
if (!root) throw new Error("index.html has no #app");

createRoot(root).render(
  <StrictMode>
    <I18nextProvider i18n={startI18n()}>
      <PanelProvider panel={panel}>
        <App />
      </PanelProvider>
    </I18nextProvider>
  </StrictMode>,
);

void panel.restore();
