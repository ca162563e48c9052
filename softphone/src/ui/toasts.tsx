import type { Desktop } from "@legwork/shared/api";
import { CircleAlert, Info, X } from "lucide-react";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { announcementFor } from "../model/announcement.js";
import { tell, type Told } from "../model/told.js";
import { codeOf } from "./errors.js";
import { usePanel, usePanelState } from "./panel-context.js";

const SHOWN_MS = 8000;

interface Toast {
  readonly id: number;
  readonly content: Told;
}

type Act = (command: () => Promise<void>) => Promise<boolean>;
const ActContext = createContext<Act>(() => Promise.resolve(false));

interface Shown {
  readonly toasts: readonly Toast[];
  readonly dismiss: (id: number) => void;
}

const ShownContext = createContext<Shown>({ toasts: [], dismiss: () => undefined });

/** Runs a command and shows why when it does not happen; resolves to whether it did. */
export const useAct = (): Act => useContext(ActContext);

/** Notices of the server, each shown once, for a while; failures of commands until they are dismissed. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const panel = usePanel();
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const nextId = useRef(0);
  const dismiss = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const show = useCallback((content: Told) => {
    const id = nextId.current++;
    setToasts((all) => tell(all, { id, content }));
  }, []);
  const act = useMemo<Act>(
    () => async (command) => {
      try {
        await command();
        return true;
      } catch (error) {
        show({ kind: "error", code: codeOf(error) });
        return false;
      }
    },
    [show],
  );
  useEffect(() => panel.on("notice", (notice) => show({ kind: "notice", notice })), [panel, show]);
  useEffect(() => panel.audio.onNews((news) => show({ kind: "device", news })), [panel, show]);
  const shown = useMemo(() => ({ toasts, dismiss }), [toasts, dismiss]);
  return (
    <ActContext value={act}>
      <ShownContext value={shown}>{children}</ShownContext>
    </ActContext>
  );
}

/** The room for notices and failures. The newest is in front; an older one comes back when that has had its time. */
export function Toasts() {
  const { toasts, dismiss } = useContext(ShownContext);
  return (
    <ol className="toasts" aria-live="assertive" aria-relevant="additions">
      {toasts.map((toast, index) => (
        <ToastItem key={toast.id} toast={toast} front={index === toasts.length - 1} dismiss={dismiss} />
      ))}
    </ol>
  );
}

interface ItemProps {
  readonly toast: Toast;
  readonly front: boolean;
  readonly dismiss: (id: number) => void;
}

function useText(content: Told): string {
  const { t } = useTranslation();
  switch (content.kind) {
    case "error":
      return t(`errors.${content.code}`);
    case "device":
      return t(`sound.news.${content.news.kind}`, { label: "label" in content.news ? content.news.label : "" });
    case "notice":
      return t(`notices.${content.notice.kind}`, { who: content.notice.who ?? t("somebody") });
  }
}

function ToastItem({ toast, front, dismiss }: ItemProps) {
  const { t } = useTranslation();
  const { id, content } = toast;
  const [looked, setLooked] = useState(false);
  // WCAG 2.2.1: what is being read stays, and a failure stays until it is dismissed.
  const goes = front && !looked && content.kind !== "error";
  useEffect(() => {
    if (!goes) return;
    const timer = setTimeout(() => dismiss(id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [id, goes, dismiss]);
  const text = useText(content);
  return (
    <li
      className={`toast toast-${content.kind}`}
      data-testid={`toast-${content.kind}`}
      onPointerEnter={() => setLooked(true)}
      onPointerLeave={() => setLooked(false)}
      onFocus={() => setLooked(true)}
      onBlur={() => setLooked(false)}
    >
      {content.kind === "error" ? <CircleAlert aria-hidden /> : <Info aria-hidden />}
      <span>{text}</span>
      <button type="button" className="icon-button" aria-label={t("dismiss")} onClick={() => dismiss(id)}>
        <X aria-hidden />
      </button>
    </li>
  );
}

/** Says aloud what has changed on the desktop, for those who do not see it. */
export function LiveRegion({ desktop }: { desktop: Desktop }) {
  const { t } = useTranslation();
  const { muted } = usePanelState();
  const before = useRef<Desktop | null>(null);
  const [text, setText] = useState("");
  useEffect(() => {
    const said = announcementFor(before.current, desktop);
    const cameBackMuted = muted && before.current === null; // after a reload
    before.current = desktop;
    if (said) {
      const words = t(`announce.${said.key}`, said.names);
      setText(cameBackMuted ? `${words} ${t("announce.stillMuted")}` : words);
    }
  }, [desktop, muted, t]);
  return (
    <p className="visually-hidden" role="status" aria-live="polite" data-testid="announcement">
      {text}
    </p>
  );
}
