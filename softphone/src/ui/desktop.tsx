import type { Desktop as DesktopState } from "@legwork/shared/api";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { CallCards } from "./call-cards.js";
import { CallControls } from "./call-controls.js";
import { ConnectionBanner } from "./connection-banner.js";
import { ConsultDialog } from "./consult-dialog.js";
import { HearsStrip } from "./hears-strip.js";
import { IdleView } from "./idle-view.js";
import { IncomingBanner } from "./incoming-banner.js";
import { usePanelState } from "./panel-context.js";
import { Elapsed } from "./timer.js";
import { LiveRegion, ToastProvider } from "./toasts.js";
import { TopBar } from "./top-bar.js";
import { WrapUpDialog } from "./wrap-up.js";

/** The agent's desktop. */
export function Desktop({ desktop }: { desktop: DesktopState }) {
  const [wrapUp] = desktop.wrapUps;
  useTitle(desktop);
  return (
    <ToastProvider>
      <div className="desktop">
        <TopBar desktop={desktop} />
        <ConnectionBanner />
        <main className={wrapUp ? "main main-with-wrap-up" : "main"}>
          <div className="main-call">
            <IncomingBanner desktop={desktop} />
            <Call desktop={desktop} />
          </div>
          {wrapUp && <WrapUpDialog key={wrapUp.id} wrapUp={wrapUp} reasons={desktop.wrapUpReasons} />}
        </main>
        <LiveRegion desktop={desktop} />
      </div>
    </ToastProvider>
  );
}

function Call({ desktop }: { desktop: DesktopState }) {
  const { t } = useTranslation();
  const { interaction } = desktop;
  const [consulting, setConsulting] = useState(false);
  const [keypad, setKeypad] = useState(false);
  const title = useRef<HTMLHeadingElement>(null);
  const phase = interaction?.role === "offered" ? "offered" : (interaction?.phase ?? "none");
  const mayConsult = interaction?.controls.consult.enabled ?? false;
  const calling = usePanelState().pending.includes("consultAgent");
  useEffect(() => {
    // The button that was pressed is gone with its phase: go on from the heading, not from the top of the page.
    if (phase !== "none" && phase !== "offered" && document.activeElement === document.body) title.current?.focus();
  }, [phase]);
  useEffect(() => {
    if (!interaction) setKeypad(false);
  }, [interaction]);
  const dialogFits = mayConsult || calling;
  useEffect(() => {
    if (!dialogFits) setConsulting(false); // it belonged to a call that has moved on
  }, [dialogFits]);
  const inCall = interaction && interaction.role !== "offered";
  return (
    <>
      {inCall ? (
        <article className="call" data-testid="phase" data-phase={phase}>
          <header className="call-head">
            <h1 ref={title} tabIndex={-1}>
              {t(`phases.${interaction.phase}`)}
            </h1>
            <Elapsed since={interaction.phaseSince} label={t("card.since")} />
            {interaction.role === "consulted" && <p className="role-note">{t("roles.consultedNote")}</p>}
          </header>
          <CallCards interaction={interaction} />
          <HearsStrip interaction={interaction} />
          <CallControls
            interaction={interaction}
            openConsult={() => setConsulting(true)}
            keypad={keypad}
            setKeypad={setKeypad}
          />
        </article>
      ) : (
        <div data-testid="phase" data-phase={phase}>
          <h1 className="visually-hidden">{t("title")}</h1>
          {!interaction && desktop.wrapUps.length === 0 && <IdleView desktop={desktop} />}
        </div>
      )}
      {consulting && inCall && dialogFits && <ConsultDialog close={() => setConsulting(false)} />}
    </>
  );
}

/** The browser tab says what is going on while another page is in front. */
function useTitle(desktop: DesktopState): void {
  const { t } = useTranslation();
  const { incoming } = usePanelState();
  const phase = desktop.interaction?.phase;
  const text = incoming ? t("incoming.title") : phase && phase !== "offered" ? t(`phases.${phase}`) : undefined;
  useEffect(() => {
    document.title = text ? `${text} – Legwork` : "Legwork";
  }, [text]);
}
