import { Component, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Brand } from "./brand.js";
import { Main, PageHeading, usePageTitle } from "./frame.js";
import { LanguageSwitch } from "./language-switch.js";
import { usePanel, usePanelState } from "./panel-context.js";
import { useHeadingFocus } from "./use-heading-focus.js";

interface Props {
  /** What is shown in place of what has failed. */
  readonly instead: ReactNode;
  readonly children: ReactNode;
}

/** A mistake in a component, or a chunk that is not there any more after an upgrade, blanks nothing. */
export class Boundary extends Component<Props, { readonly broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    return this.state.broken ? this.props.instead : this.props.children;
  }
}

/** In place of a desktop that has failed: the way to another, and until then the two things that cannot wait. Part of the first chunk. */
export function Broken() {
  const { t } = useTranslation();
  const panel = usePanel();
  const { desktop, muted } = usePanelState();
  const heading = useHeadingFocus(true);
  usePageTitle(t("broken.title"));
  const interaction = desktop?.interaction ?? null;
  const wayOut = (["end", "leave", "end-consult"] as const).find((name) => interaction?.controls[name].enabled);
  const goOut = { end: panel.end, leave: panel.leave, "end-consult": panel.endConsult };
  const run = (command: () => Promise<void>) => void command().catch(() => undefined); // the state says what came of it
  return (
    <Main className="sign-in" data-testid="broken">
      <div className="sign-in-card">
        <header>
          <Brand />
          <LanguageSwitch />
        </header>
        <PageHeading ref={heading} tabIndex={-1}>
          {t("broken.title")}
        </PageHeading>
        <p role="alert">
          {t("broken.text")} {interaction && t("broken.inCall")}
        </p>
        <div className="broken-buttons">
          <button
            type="button"
            className="button button-primary"
            data-testid="reload"
            onClick={() => location.reload()}
          >
            {t("reload")}
          </button>
          {interaction && desktop?.station.kind === "browser" && (
            <button
              type="button"
              className="button"
              data-testid="control-mute"
              aria-pressed={muted}
              onClick={() => run(() => panel.mute(!muted))}
            >
              {t(muted ? "controls.unmute" : "controls.mute")}
            </button>
          )}
          {wayOut && (
            <button
              type="button"
              className="button"
              data-testid={`control-${wayOut}`}
              onClick={() => run(() => goOut[wayOut]())}
            >
              {t(`controls.${wayOut}`)}
            </button>
          )}
        </div>
      </div>
    </Main>
  );
}
