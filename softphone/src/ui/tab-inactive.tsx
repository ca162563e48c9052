import { useTranslation } from "react-i18next";
import { Brand } from "./brand.js";
import { Main, PageHeading, usePageTitle } from "./frame.js";
import { LanguageSwitch } from "./language-switch.js";
import { usePanel } from "./panel-context.js";
import { useHeadingFocus } from "./use-heading-focus.js";

/** In place of the desktop while another tab of this browser has it, or has had it: a call rings in one tab only. */
export function TabInactive({ closed }: { readonly closed: boolean }) {
  const { t } = useTranslation();
  const panel = usePanel();
  const heading = useHeadingFocus(true);
  const title = t(closed ? "otherTab.closedTitle" : "otherTab.title");
  usePageTitle(title);
  return (
    <Main className="sign-in" data-testid="tab-inactive" data-other={closed ? "closed" : "open"}>
      <div className="sign-in-card">
        <header>
          <Brand />
          <LanguageSwitch />
        </header>
        <PageHeading ref={heading} tabIndex={-1}>
          {title}
        </PageHeading>
        <p role="status">{t(closed ? "otherTab.closedText" : "otherTab.text")}</p>
        <button
          type="button"
          className="button button-primary"
          data-testid="tab-continue"
          onClick={() => void panel.restore()}
        >
          {t("otherTab.continue")}
        </button>
      </div>
    </Main>
  );
}
