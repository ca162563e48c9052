import type { Desktop } from "@legwork/shared/api";
import { Coffee, Headphones, Phone, PhoneIncoming, PhoneMissed } from "lucide-react";
import { useTranslation } from "react-i18next";
import { NotificationNotice } from "./call-notice.js";
import { MicrophoneNotice } from "./microphone-notice.js";
import { usePanel, usePanelState } from "./panel-context.js";
import { useAct } from "./toasts.js";
import { useAudio } from "./use-audio.js";
import { useFocusKept } from "./use-heading-focus.js";
import { useShortcuts } from "./use-shortcuts.js";

/** What the desktop shows between calls. */
export function IdleView({ desktop, call }: { readonly desktop: Desktop; readonly call: () => void }) {
  const { t } = useTranslation();
  const panel = usePanel();
  const act = useAct();
  const { pending } = usePanelState();
  const { kind } = desktop.agent.state;
  const { outlook } = useAudio().state;
  const heading = useFocusKept(`${outlook} ${kind}`); // the button that was pressed goes with what it was for
  const situation = kind === "available" ? "available" : kind === "rona" ? "rona" : "away";
  useShortcuts({ consult: call });
  const Icon = { available: Headphones, rona: PhoneMissed, away: Coffee }[situation];
  return (
    <section className="idle" data-testid="idle-view">
      <span className={`idle-mark idle-mark-${situation}`}>
        <Icon aria-hidden />
      </span>
      <h2 ref={heading} tabIndex={-1}>
        {t(`idle.${situation}.title`)}
      </h2>
      <p>{t(`idle.${situation}.text`)}</p>
      {desktop.station.kind === "browser" && <MicrophoneNotice />}
      {desktop.station.kind === "browser" && outlook === "ready" && <NotificationNotice />}
      <div className="idle-buttons">
        {situation !== "available" && kind !== "wrap-up" && (
          <button
            type="button"
            className="button button-primary"
            data-testid="go-available"
            onClick={() => void act(() => panel.setState({ kind: "available" }))}
          >
            {t("idle.goAvailable")}
          </button>
        )}
        <button
          type="button"
          className="button"
          data-testid="place-call"
          aria-keyshortcuts="Alt+Shift+C"
          onClick={call}
        >
          <Phone aria-hidden />
          {t("idle.call")}
        </button>
        {desktop.demoCustomer && (
          <button
            type="button"
            className="button"
            data-testid="demo-call"
            aria-disabled={pending.includes("demoCall")}
            onClick={() => void (pending.includes("demoCall") || act(() => panel.demoCall()))}
          >
            <PhoneIncoming aria-hidden />
            {t("idle.demoCall")}
          </button>
        )}
      </div>
    </section>
  );
}
