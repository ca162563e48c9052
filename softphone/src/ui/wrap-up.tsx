import type { Desktop } from "@legwork/shared/api";
import { ClipboardCheck } from "lucide-react";
import { useEffect, useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import { formatSeconds } from "../model/clock.js";
import { labelIn } from "./agent-state.js";
import { usePanel, usePanelState } from "./panel-context.js";
import { useSecondsUntil } from "./timer.js";
import { useAct } from "./toasts.js";
import { useDraft } from "./use-draft.js";

/** When a screen reader is told that the countdown ends. */
const SOON_S = 20;

type WrapUp = Desktop["wrapUps"][number];

/**
 * WU-1 for the oldest open wrap-up. Not modal: a colleague may call an agent who is wrapping up (AG-3), and that call
 * has to be answerable.
 */
export function WrapUpDialog({ wrapUp, reasons }: { wrapUp: WrapUp; reasons: Desktop["wrapUpReasons"] }) {
  const { t, i18n } = useTranslation();
  const panel = usePanel();
  const act = useAct();
  const busy = usePanelState().pending.includes("submitWrapUp");
  const { reason, note, change, save } = useDraft(wrapUp);
  const titleId = useId();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);

  const submit = () => {
    if (!busy) void act(() => panel.submitWrapUp(wrapUp.id, reason, note.trim()));
  };

  return (
    <section className="wrap-up" role="dialog" aria-labelledby={titleId} data-testid="wrap-up-dialog">
      <h2 id={titleId} tabIndex={-1} ref={title}>
        <ClipboardCheck aria-hidden />
        {t("wrapUp.title")}
      </h2>
      <p className="wrap-up-who">{wrapUp.customer.name || wrapUp.customer.number}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <fieldset className="reasons">
          <legend className="visually-hidden">{t("wrapUp.reason")}</legend>
          {reasons.map((item) => (
            <label key={item.id} className="reason" data-testid={`wrap-up-reason-${item.id}`}>
              <input
                type="radio"
                name="reason"
                value={item.id}
                checked={reason === item.id}
                onChange={() => change({ reason: item.id })}
              />
              <span>{labelIn(i18n.language, item)}</span>
            </label>
          ))}
        </fieldset>
        <label className="field">
          <span>{t("wrapUp.note")}</span>
          <textarea
            rows={3}
            maxLength={2000}
            value={note}
            data-testid="wrap-up-note"
            onChange={(event) => change({ note: event.target.value })}
            onBlur={save}
          />
        </label>
        <div className="wrap-up-end">
          {wrapUp.autoAt && <Countdown wrapUp={wrapUp} autoAt={wrapUp.autoAt} />}
          <button type="submit" className="button button-primary" data-testid="wrap-up-submit" aria-disabled={busy}>
            {t(busy ? "wrapUp.busy" : "wrapUp.submit")}
          </button>
        </div>
      </form>
    </section>
  );
}

/** Shows the server's countdown; it is the server that submits (WU-1). */
function Countdown({ wrapUp, autoAt }: { wrapUp: WrapUp; autoAt: string }) {
  const { t } = useTranslation();
  const panel = usePanel();
  const act = useAct();
  const left = useSecondsUntil(Date.parse(autoAt));
  return (
    <div className="countdown">
      <span role="timer" data-testid="wrap-up-countdown">
        {t("wrapUp.countdown", { time: formatSeconds(left) })}
      </span>
      <p className="visually-hidden" role="status" data-testid="wrap-up-soon">
        {left <= SOON_S && t("wrapUp.soon")}
      </p>
      {wrapUp.mayCancelAuto && (
        <button
          type="button"
          className="button button-quiet"
          data-testid="wrap-up-cancel-countdown"
          onClick={() => void act(() => panel.cancelAutoWrapUp(wrapUp.id))}
        >
          {t("wrapUp.cancelCountdown")}
        </button>
      )}
    </div>
  );
}
