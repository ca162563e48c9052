import type { Desktop as DesktopState } from "@legwork/shared/api";
import { UNSAFE_PortalProvider as PortalProvider } from "react-aria/PortalProvider";
import { I18nProvider } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Desktop } from "./desktop.js";
import { useLayer } from "./frame.js";
import { timeLocale } from "./i18n.js";
import "./styles/desktop.css";

// Loaded after sign-in, with its style sheet.

/** The desktop, its dialogs and menus in the panel's own layer and language. */
export default function DesktopPage({ desktop }: { readonly desktop: DesktopState }) {
  const { i18n } = useTranslation();
  const layer = useLayer();
  return (
    <I18nProvider locale={timeLocale(i18n.language, navigator.language)}>
      <PortalProvider getContainer={() => layer}>
        <Desktop desktop={desktop} />
      </PortalProvider>
    </I18nProvider>
  );
}
