import type { HistoryEntry } from "@legwork/shared/api";
import {
  type LucideIcon,
  MessagesSquare,
  Phone,
  PhoneIncoming,
  PhoneMissed,
  PhoneOutgoing,
  RefreshCw,
  UsersRound,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import { formatSeconds } from "../model/clock.js";
import { type HistoryLine, lineOf } from "../model/history-line.js";
import { labelIn } from "./agent-state.js";
import { timeLocale } from "./i18n.js";
import { usePanel, usePanelState } from "./panel-context.js";
import { useAct } from "./toasts.js";
import { useFocusKept } from "./use-heading-focus.js";
import { type CallsOfToday, useHistory } from "./use-history.js";

const MARKS: Readonly<Record<HistoryLine["mark"], LucideIcon>> = {
  in: PhoneIncoming,
  out: PhoneOutgoing,
  missed: PhoneMissed,
  consulted: MessagesSquare,
  internal: UsersRound,
};

/** The agent's own calls of today, with a way to call back. */
export function History({ revision }: { readonly revision: number }) {
  const { t } = useTranslation();
  const { calls, retry, showMore } = useHistory(revision);
  const heading = useFocusKept(calls); // a button that was pressed may be gone with what it has brought
  return (
    <section className="history" aria-labelledby="history-title" data-testid="history" data-list={calls.kind}>
      <h2 id="history-title" ref={heading} tabIndex={-1}>
        {t("history.title")}
      </h2>
      <Calls calls={calls} retry={retry} showMore={showMore} />
    </section>
  );
}

interface CallsProps {
  readonly calls: CallsOfToday;
  readonly retry: () => void;
  readonly showMore: (before: string) => Promise<void>;
}

function Calls({ calls, retry, showMore }: CallsProps) {
  const { t } = useTranslation();
  const act = useAct();
  if (calls.kind === "loading") {
    return (
      <p className="list-message" role="status" aria-busy>
        {t("history.loading")}
      </p>
    );
  }
  if (calls.kind === "failed") return <Trouble text={t("history.failed")} retry={retry} />;
  const { entries, more, timeZone, stale } = calls;
  const last = entries.at(-1);
  return (
    <>
      {stale && <Trouble text={t("history.stale")} retry={retry} />}
      {entries.length === 0 ? (
        <p className="list-message" role="status">
          {t("history.none")}
        </p>
      ) : (
        <ol className="history-list" role="list">
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} timeZone={timeZone} />
          ))}
        </ol>
      )}
      {more && last && (
        <button
          type="button"
          className="button history-more"
          data-testid="history-more"
          onClick={() => void act(() => showMore(last.began))}
        >
          {t("history.more")}
        </button>
      )}
    </>
  );
}

function Trouble({ text, retry }: { readonly text: string; readonly retry: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="list-message message message-error" role="alert" data-testid="history-trouble">
      <p>{text}</p>
      <button type="button" className="button" data-testid="history-retry" onClick={retry}>
        <RefreshCw aria-hidden />
        {t("history.retry")}
      </button>
    </div>
  );
}

function Entry({ entry, timeZone }: { readonly entry: HistoryEntry; readonly timeZone: string }) {
  const { t, i18n } = useTranslation();
  const { direction, outcome, wrapUp } = entry;
  const { mark, talked } = lineOf(entry);
  const Icon = MARKS[mark];
  const who = entry.other.label || t("history.unknown");
  const began = new Intl.DateTimeFormat(timeLocale(i18n.language, navigator.language), {
    timeStyle: "short",
    timeZone,
  });
  return (
    <li className="history-entry" data-testid="history-entry" data-outcome={outcome} data-direction={direction}>
      <span className={`history-mark history-mark-${mark}`}>
        <Icon aria-hidden />
        <span className="visually-hidden">{t(direction === "in" ? "history.incoming" : "history.outgoing")}</span>
      </span>
      <div className="history-who">
        <h3>{who}</h3>
        <p>
          <Facts entry={entry} />
        </p>
        {wrapUp && (
          <p className="history-wrap-up">{[labelIn(i18n.language, wrapUp), wrapUp.note].filter(Boolean).join(": ")}</p>
        )}
      </div>
      <p className="history-times">
        <time dateTime={entry.began}>{began.format(new Date(entry.began))}</time>
        {talked !== null && (
          <span title={t("history.duration")}>
            <span className="visually-hidden">{t("history.duration")} </span>
            {formatSeconds(talked)}
          </span>
        )}
      </p>
      <CallBack entry={entry} who={who} />
    </li>
  );
}

/** How it ended, what else happened, and by which way it came. */
function Facts({ entry }: { readonly entry: HistoryEntry }) {
  const { t, i18n } = useTranslation();
  const names = new Intl.ListFormat(i18n.language, { type: "conjunction" });
  const { notes } = lineOf(entry);
  const told = notes.map(({ key, who }) => t(`history.${key}`, { who: names.format(who) }));
  const handedTo = notes.some(({ key }) => key === "transferredTo");
  const outcome = handedTo ? [] : [t(`history.${entry.direction}.${entry.outcome}`)];
  return [...outcome, ...told, entry.queue].filter(Boolean).join(" · ");
}

/** Nothing where nobody knows the number. */
function CallBack({ entry, who }: { readonly entry: HistoryEntry; readonly who: string }) {
  const { t } = useTranslation();
  const panel = usePanel();
  const act = useAct();
  const busy = usePanelState().pending.includes("placeCall");
  const { callBack } = entry.other;
  if (!callBack) return <span />;
  const again = entry.direction === "out";
  return (
    <button
      type="button"
      className="button history-call"
      data-testid="history-call"
      aria-label={t(again ? "history.callAgainTo" : "history.callBackTo", { who })}
      aria-disabled={busy}
      onClick={() => void (busy || act(() => panel.placeCall(callBack)))}
    >
      <Phone aria-hidden />
      {t(again ? "history.callAgain" : "history.callBack")}
    </button>
  );
}
