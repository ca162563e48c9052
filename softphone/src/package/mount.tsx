import type { CallPanel, Language } from "@legwork/shared/call-panel";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { I18nextProvider } from "react-i18next";
import { App, Frame, PanelProvider, startI18n } from "../ui/index.js";
import "../ui/styles/base.css";

export interface MountOptions {
  /** Instead of the one chosen before in this browser, or the browser's own. */
  readonly language?: Language;
  /** The page is nothing but the panel: its title and language follow the panel, and the panel fills the window. */
  readonly ownsPage?: boolean;
}

/** A panel in a page. */
export interface MountedPanel {
  setLanguage(language: Language): Promise<void>;
  /** Takes what is seen out of the page. The panel itself goes on: calls, events and commands are not touched. */
  unmount(): void;
}

/** React Aria would put its one rule into an inline style element, which the host's Content-Security-Policy may forbid; base.css has it. */
const STYLE_IN_PLACE = "react-aria-pressable-style";

/** Shows sign-in and desktop of a panel in an element, which should be empty. */
export function mount(
  element: Element,
  panel: CallPanel,
  { language, ownsPage = false }: MountOptions = {},
): MountedPanel {
  if (!document.getElementById(STYLE_IN_PLACE)) {
    document.head.append(Object.assign(document.createElement("meta"), { id: STYLE_IN_PLACE }));
  }
  const i18n = startI18n(language);
  const root = createRoot(element);
  root.render(
    <StrictMode>
      <I18nextProvider i18n={i18n}>
        <PanelProvider panel={panel}>
          <Frame ownsPage={ownsPage}>
            <App />
          </Frame>
        </PanelProvider>
      </I18nextProvider>
    </StrictMode>,
  );
  return {
    setLanguage: async (next) => void (await i18n.changeLanguage(next)),
    unmount: () => root.unmount(),
  };
}
