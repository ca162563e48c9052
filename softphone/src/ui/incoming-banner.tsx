import type { Desktop } from "@legwork/shared/api";
import { Phone, PhoneOff, VolumeX } from "lucide-react";
import { useTranslation } from "react-i18next";
import { otherParty } from "../model/transfer.js";
import { AnswerButtons } from "./answer-buttons.js";
import { Avatar } from "./avatar.js";
import { useCallNotice } from "./call-notice.js";
import { usePanelState } from "./panel-context.js";
import { useAudio } from "./use-audio.js";
import { useRinger } from "./use-ringer.js";

/** A call that rings: in this browser with accept and decline, at the desk phone with a word. */
export function IncomingBanner({ desktop }: { desktop: Desktop }) {
  const { t } = useTranslation();
  const { incoming } = usePanelState();
  const offer = desktop.interaction?.role === "offered" ? desktop.interaction : null;
  const atDeskPhone = desktop.station.kind === "extension" && offer !== null;
  const colleague = offer ? otherParty(offer) : undefined;
  const consultFrom = colleague && offer?.consult ? colleague.label : undefined;
  const title = consultFrom
    ? t("incoming.consult")
    : colleague
      ? t("incoming.transfer", { who: colleague.label }) // BT-1
      : t("incoming.title");
  const from = consultFrom ?? (offer?.customer.name || offer?.customer.number || incoming?.from || "");
  const details = consultFrom
    ? t("incoming.about", { customer: offer?.customer.name || offer?.customer.number })
    : [offer?.customer.name && offer.customer.number, offer?.entryPoint, offer?.queue].filter(Boolean).join(" · ");
  useRinger(incoming !== null);
  useCallNotice(incoming !== null, title, from);
  if (!incoming && !atDeskPhone) return null;
  return (
    <section className="incoming" aria-labelledby="incoming-title" data-testid="incoming">
      <span className="incoming-pulse">
        <Avatar label={from} tone={consultFrom ? "colleague" : "customer"} />
      </span>
      <div className="incoming-who">
        <p>{title}</p>
        <h2 id="incoming-title">{from}</h2>
        {details && <p>{details}</p>}
        {incoming && <SoundBlocked />}
      </div>
      {incoming ? <Answer /> : <p className="incoming-desk">{t("incoming.atDeskPhone")}</p>}
    </section>
  );
}

/** Browsers play nothing for a page that has not been touched since it was loaded; any press on it ends that. */
function SoundBlocked() {
  const { t } = useTranslation();
  const { soundBlocked } = useAudio().state;
  if (!soundBlocked) return null;
  return (
    <button type="button" className="button sound-blocked" data-testid="sound-blocked">
      <VolumeX aria-hidden />
      {t("incoming.soundBlocked")}
    </button>
  );
}

function Answer() {
  const { t } = useTranslation();
  return (
    <AnswerButtons
      yes={{ command: "accept", testId: "accept", label: t("incoming.accept"), icon: Phone }}
      no={{ command: "decline", testId: "decline", label: t("incoming.decline"), icon: PhoneOff }}
    />
  );
}
