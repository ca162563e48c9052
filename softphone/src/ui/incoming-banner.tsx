import type { Desktop } from "@legwork/shared/api";
import { Phone, PhoneOff } from "lucide-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Avatar } from "./avatar.js";
import { usePanel, usePanelState } from "./panel-context.js";
import { useAct } from "./toasts.js";
import { useRinger } from "./use-ringer.js";
import { useShortcuts } from "./use-shortcuts.js";

/** A call that rings: in this browser with accept and decline, at the desk phone with a word. */
export function IncomingBanner({ desktop }: { desktop: Desktop }) {
  const { t } = useTranslation();
  const { incoming } = usePanelState();
  const offer = desktop.interaction?.role === "offered" ? desktop.interaction : null;
  const atDeskPhone = desktop.station.kind === "extension" && offer !== null;
  useRinger(incoming !== null);
  if (!incoming && !atDeskPhone) return null;
  const colleague = offer?.seats.find((seat) => !seat.me && seat.role !== "customer");
  const consultFrom = colleague && offer?.consult ? colleague.label : undefined;
  const from = consultFrom ?? (offer?.customer.name || offer?.customer.number || incoming?.from || "");
  const details = consultFrom
    ? t("incoming.about", { customer: offer?.customer.name || offer?.customer.number })
    : [offer?.customer.name && offer.customer.number, offer?.entryPoint, offer?.queue].filter(Boolean).join(" · ");
  return (
    <section className="incoming" aria-labelledby="incoming-title" data-testid="incoming">
      <span className="incoming-pulse">
        <Avatar label={from} tone={consultFrom ? "colleague" : "customer"} />
      </span>
      <div className="incoming-who">
        <p>{t(consultFrom ? "incoming.consult" : "incoming.title")}</p>
        <h2 id="incoming-title">{from}</h2>
        {details && <p>{details}</p>}
      </div>
      {incoming ? <Answer /> : <p className="incoming-desk">{t("incoming.atDeskPhone")}</p>}
    </section>
  );
}

function Answer() {
  const { t } = useTranslation();
  const panel = usePanel();
  const act = useAct();
  const { pending } = usePanelState();
  const busy = pending.includes("accept") || pending.includes("decline");
  const accept = () => void (busy || act(() => panel.accept()));
  const decline = () => void (busy || act(() => panel.decline()));
  const acceptButton = useRef<HTMLButtonElement>(null);
  useShortcuts({ accept, decline });
  useEffect(() => {
    // Somebody who is writing is not interrupted.
    if (document.activeElement === null || document.activeElement === document.body) acceptButton.current?.focus();
  }, []);
  return (
    <div className="incoming-buttons">
      <button
        type="button"
        ref={acceptButton}
        className="button button-accept"
        data-testid="accept"
        aria-keyshortcuts="Alt+Shift+A"
        aria-disabled={busy}
        onClick={accept}
      >
        <Phone aria-hidden />
        {t("incoming.accept")}
      </button>
      <button
        type="button"
        className="button button-decline"
        data-testid="decline"
        aria-keyshortcuts="Alt+Shift+D"
        aria-disabled={busy}
        onClick={decline}
      >
        <PhoneOff aria-hidden />
        {t("incoming.decline")}
      </button>
    </div>
  );
}
