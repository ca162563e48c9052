import { useTranslation } from "react-i18next";
import { LANGUAGES } from "./i18n.js";

const NAMES = { en: "English", nb: "Norsk" };

/** Each language by its own name, in its own language. */
export function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  return (
    <div className="language-switch" role="group" aria-label={t("language.label")}>
      {LANGUAGES.map((language) => (
        <button
          key={language}
          type="button"
          lang={language}
          aria-pressed={i18n.resolvedLanguage === language}
          data-testid={`language-${language}`}
          onClick={() => void i18n.changeLanguage(language)}
        >
          {NAMES[language]}
        </button>
      ))}
    </div>
  );
}
