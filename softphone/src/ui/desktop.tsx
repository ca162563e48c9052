import type { Desktop as DesktopState, InteractionView } from "@legwork/shared/api";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { COMMAND_OF, type Errand } from "../model/destination.js";
import { headingOf } from "../model/heading.js";
import { otherParty, transferStage } from "../model/transfer.js";
import { CallCards } from "./call-cards.js";
import { CallControls } from "./call-controls.js";
import { ConnectionBanner } from "./connection-banner.js";
import { Main, PageHeading, usePageTitle } from "./frame.js";
import { HearsStrip } from "./hears-strip.js";
import { History } from "./history.js";
import { IdleView } from "./idle-view.js";
import { IncomingBanner } from "./incoming-banner.js";
import { usePanelState } from "./panel-context.js";
import { TargetDialog } from "./target-dialog.js";
import { Elapsed } from "./timer.js";
import { LiveRegion, ToastProvider, Toasts } from "./toasts.js";
import { TopBar } from "./top-bar.js";
import { TransferQuestion } from "./transfer-question.js";
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
        <Main className={wrapUp ? "main main-with-wrap-up" : "main"}>
          <div className="main-call">
            <IncomingBanner desktop={desktop} />
            <Call desktop={desktop} />
          </div>
          {wrapUp && <WrapUpDialog key={wrapUp.id} wrapUp={wrapUp} reasons={desktop.wrapUpReasons} />}
        </Main>
        <LiveRegion desktop={desktop} />
      </div>
    </ToastProvider>
  );
}

function Call({ desktop }: { desktop: DesktopState }) {
  const { t } = useTranslation();
  const { interaction } = desktop;
  const [errand, setErrand] = useState<Errand | null>(null);
  const [keypad, setKeypad] = useState(false);
  const title = useRef<HTMLHeadingElement>(null);
  const phase = interaction?.role === "offered" ? "offered" : (interaction?.phase ?? "none");
  const { pending } = usePanelState();
  useEffect(() => {
    // The button that was pressed is gone with its phase: go on from the heading, not from the top of the page.
    if (phase !== "none" && phase !== "offered" && document.activeElement === document.body) title.current?.focus();
  }, [phase]);
  useEffect(() => {
    if (!interaction) setKeypad(false);
  }, [interaction]);
  const inCall = interaction !== null && interaction.role !== "offered";
  const asking = inCall && errand !== "call" && errand !== null && pending.includes(COMMAND_OF[errand]);
  const fits = errand !== null && (asking || mayAsk(errand, interaction));
  useEffect(() => {
    if (!fits) setErrand(null); // it belonged to a call that has moved on
  }, [fits]);
  const heading = interaction && headingOf(interaction);
  return (
    <>
      {inCall && heading ? (
        <article className="call" data-testid="phase" data-phase={phase}>
          <header className="call-head">
            <PageHeading ref={title} tabIndex={-1}>
              {t(`phases.${heading.phase}`, { target: otherParty(interaction)?.label })}
            </PageHeading>
            <Elapsed since={heading.since} label={t("card.since")} />
            {interaction.role !== "consulted" && <RoleNote interaction={interaction} />}
          </header>
          {interaction.role === "consulted" && <ConsultedPlace interaction={interaction} />}
          <CallCards interaction={interaction} />
          <HearsStrip interaction={interaction} />
          <CallControls interaction={interaction} ask={setErrand} keypad={keypad} setKeypad={setKeypad} />
        </article>
      ) : (
        <div data-testid="phase" data-phase={phase}>
          <PageHeading className="visually-hidden">{t("title")}</PageHeading>
          {!interaction && desktop.wrapUps.length === 0 && (
            <div className="between-calls">
              <IdleView desktop={desktop} call={() => setErrand("call")} />
              <History revision={desktop.historyRevision} />
            </div>
          )}
        </div>
      )}
      {fits && <TargetDialog errand={errand} close={() => setErrand(null)} held={inCall && phase !== "connected"} />}
    </>
  );
}

/** OB-1: a call of the agent's own is for who has none. */
const mayAsk = (errand: Errand, interaction: InteractionView | null): boolean =>
  errand === "call"
    ? !interaction
    : (interaction?.controls[errand === "consult" ? "consult" : "blind-transfer"].enabled ?? false);

/** Where a consulted agent reads whose call it is, and where the question stands that may come (CO-5): it moves nothing. */
function ConsultedPlace({ interaction }: { interaction: InteractionView }) {
  return (
    <div className="consulted-place">
      {transferStage(interaction) === "to-answer" ? (
        <TransferQuestion interaction={interaction} />
      ) : (
        <RoleNote interaction={interaction} />
      )}
    </div>
  );
}

/** What an agent has to know besides: whose call it is, why nobody speaks with them, or what everybody waits for. */
function RoleNote({ interaction }: { interaction: InteractionView }) {
  const { t } = useTranslation();
  const mine = interaction.seats.find((seat) => seat.me);
  if (interaction.phase === "dialling" && mine?.status === "ringing") {
    return <p className="role-note">{t("roles.pickUpNote")}</p>;
  }
  if (transferStage(interaction) === "asked") {
    return <p className="role-note">{t("roles.askingNote", { target: otherParty(interaction)?.label })}</p>;
  }
  if (interaction.role !== "consulted") return null;
  const withCustomer = interaction.phase === "consulting" && interaction.consult?.active === "customer";
  const customer = interaction.customer.name || interaction.customer.number;
  return <p className="role-note">{withCustomer ? t("roles.onHoldNote", { customer }) : t("roles.consultedNote")}</p>;
}

/** The browser tab says what is going on while another page is in front. */
function useTitle(desktop: DesktopState): void {
  const { t } = useTranslation();
  const { incoming } = usePanelState();
  const { interaction } = desktop;
  const phase = interaction && headingOf(interaction).phase;
  const target = interaction && otherParty(interaction)?.label;
  const text = incoming
    ? t("incoming.title")
    : interaction && transferStage(interaction) === "to-answer"
      ? t("transferQuestion.title", { who: target ?? t("somebody") })
      : phase && phase !== "offered"
        ? t(`phases.${phase}`, { target })
        : undefined;
  usePageTitle(text);
}
