import type { MicrophoneOutlook } from "@legwork/shared/call-panel";
import { createRoot } from "react-dom/client";
import { I18nextProvider } from "react-i18next";
import { App, Frame, PanelProvider } from "../ui/index.js";
import { createI18n } from "../ui/i18n.js";
import "../ui/styles/base.css";
import "../page.css";
import { type ListBehaviour, samplePanel } from "./sample-panel.js";
import { SAMPLES } from "./samples.js";

// gallery.html?show=connected&lang=nb&list=failed&notice=1&microphone=denied&embedded
const query = new URLSearchParams(location.search);
const sample = SAMPLES[query.get("show") ?? ""];
const language = query.get("lang") === "nb" ? "nb" : "en";
const outlook = (query.get("microphone") ?? "ready") as MicrophoneOutlook;
const list = (query.get("list") ?? "loaded") as ListBehaviour;
const at = new Date().toISOString();
const notice = query.has("notice")
  ? ({ kind: "consult-no-answer", interaction: "i1", who: "Bjørn Dahl", at } as const)
  : null;
const root = document.getElementById("app");
if (!root) throw new Error("gallery.html has no #app");

createRoot(root).render(
  sample ? (
    <I18nextProvider i18n={createI18n(language)}>
      <PanelProvider panel={samplePanel(sample, list, notice, outlook)}>
        <Frame ownsPage={!query.has("embedded")}>
          <App />
        </Frame>
      </PanelProvider>
    </I18nextProvider>
  ) : (
    <ul>
      {Object.keys(SAMPLES).map((name) => (
        <li key={name}>
          <a href={`?show=${name}`}>{name}</a> · <a href={`?show=${name}&lang=nb`}>nb</a>
        </li>
      ))}
    </ul>
  ),
);
