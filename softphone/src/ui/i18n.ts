import type { Language } from "@legwork/shared/call-panel";
import i18next, { type i18n } from "i18next";
import { initReactI18next } from "react-i18next";
import en from "../locales/en.json" with { type: "json" };
import nb from "../locales/nb.json" with { type: "json" };

export const LANGUAGES: readonly Language[] = ["en", "nb"];

const STORED = "legwork.language";

/** The two languages of the page, both complete, in the page from the start so that switching needs no loading. */
export function createI18n(language: Language): i18n {
  const instance = i18next.createInstance();
  void instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: "en",
    supportedLngs: [...LANGUAGES],
    resources: { en: { translation: en }, nb: { translation: nb } },
    interpolation: { escapeValue: false }, // React escapes
    initAsync: false,
  });
  return instance;
}

/** The language chosen before, else the browser's: Norwegian in any of its codes is Bokmål here. */
export function preferredLanguage(stored: string | null, browser: readonly string[]): Language {
  if (stored === "en" || stored === "nb") return stored;
  for (const tag of browser) {
    const [code] = tag.toLowerCase().split("-");
    if (code === "en") return "en";
    if (code === "nb" || code === "no" || code === "nn") return "nb";
  }
  return "en";
}

/** The locale of times: an English reader's own English, so that 24 hours stay 24 hours. */
export function timeLocale(language: string, browser: string): string {
  if (language === "nb") return "nb-NO";
  return /^en\b/i.test(browser) ? browser : "en-GB";
}

/** Starts in the given language or the preferred one; the stored choice follows each switch. */
export function startI18n(language = preferredLanguage(readStored(), navigator.languages)): i18n {
  const instance = createI18n(language);
  instance.on("languageChanged", (chosen) => {
    try {
      localStorage.setItem(STORED, chosen);
    } catch {
      // Storage is switched off: the choice lasts until the page is closed.
    }
  });
  return instance;
}

function readStored(): string | null {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}
