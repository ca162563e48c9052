import type { Desktop as DesktopState, InteractionView } from "@legwork/shared/api";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { isConsulting } from "../model/destination.js";
import { headingOf } from "../model/heading.js";
import { CallCards } from "./call-cards.js";
import { CallControls } from "./call-controls.js";
import { ConnectionBanner } from "./connection-banner.js";
import { ConsultDialog } from "./consult-dialog.js";
import { HearsStrip } from "./hears-strip.js";
import { IdleView } from "./idle-view.js";
import { IncomingBanner } from "./incoming-banner.js";
import { usePanelState } from "./panel-context.js";
import { Elapsed } from "./timer.js";
import { LiveRegion, ToastProvider, Toasts } from "./toasts.js";
import { TopBar } from "./top-bar.js";
import { WrapUpDialog } from "./wrap-up.js";

/** The agent's desktop. */
export function Desktop({ desktop }: { desktop: DesktopState }) {
  const [wrapUp] = desktop.wrapUps;
  useTitle(desktop);
  return (
    <ToastProvider>
      <div className="desktop">
        <div className="desktop-head">
          <TopBar desktop={desktop} />
          <ConnectionBanner />
          <Toasts />
        </div>
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
  const calling = isConsulting(usePanelState().pending);
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
  const heading = interaction && headingOf(interaction);
  return (
    <>
      {inCall && heading ? (
        <article className="call" data-testid="phase" data-phase={phase}>
          <header className="call-head">
            <h1 ref={title} tabIndex={-1}>
              {t(`phases.${heading.phase}`)}
            </h1>
            <Elapsed since={heading.since} label={t("card.since")} />
            <RoleNote interaction={interaction} />
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
      {consulting && inCall && dialogFits && (
        <ConsultDialog close={() => setConsulting(false)} held={interaction.phase !== "connected"} />
      )}
    </>
  );
}

/** What a consulted agent has to know besides: whose call it is, or why nobody speaks with them. */
function RoleNote({ interaction }: { interaction: InteractionView }) {
  const { t } = useTranslation();
  if (interaction.role !== "consulted") return null;
  const withCustomer = interaction.phase === "consulting" && interaction.consult?.active === "customer";
  const customer = interaction.customer.name || interaction.customer.number;
  return <p className="role-note">{withCustomer ? t("roles.onHoldNote", { customer }) : t("roles.consultedNote")}</p>;
}

/** The browser tab says what is going on while another page is in front. */
function useTitle(desktop: DesktopState): void {
  const { t } = useTranslation();
  const { incoming } = usePanelState();
  const phase = desktop.interaction && headingOf(desktop.interaction).phase;
  const text = incoming ? t("incoming.title") : phase && phase !== "offered" ? t(`phases.${phase}`) : undefined;
  useEffect(() => {
    document.title = text ? `${text} – Legwork` : "Legwork";
  }, [text]);
}
