import { Bell } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { asksForNotices, type NoticePermission, showsOutside } from "../model/call-notice.js";

const STORED = "legwork.notifications";

const permissionNow = (): NoticePermission => ("Notification" in globalThis ? Notification.permission : "unsupported");

/** Shows a ringing call outside the page while the agent looks elsewhere, until it rings no more. Pressed, it brings the page to the front. */
export function useCallNotice(ringing: boolean, title: string, from: string): void {
  useEffect(() => {
    if (!showsOutside(ringing, permissionNow(), document.hasFocus())) return;
    const notice = new Notification(title, { body: from, tag: "legwork-call", requireInteraction: true });
    notice.addEventListener("click", () => {
      window.focus();
      notice.close();
    });
    return () => notice.close();
  }, [ringing, title, from]);
}

/** Beside the microphone's notice: whether calls may show outside the page, asked until the agent has decided. */
export function NotificationNotice() {
  const { t } = useTranslation();
  const [permission, setPermission] = useState(permissionNow);
  const [putOff, setPutOff] = useState(readPutOff);
  if (!asksForNotices(permission, putOff)) return null;
  const ask = async () => setPermission(await Notification.requestPermission());
  const notNow = () => {
    setPutOff(true);
    keepPutOff();
  };
  return (
    <div className="message message-info microphone-notice" role="status" data-testid="notification-notice">
      <Bell aria-hidden />
      <p>{t("notifications.ask")}</p>
      <button type="button" className="button" data-testid="notification-allow" onClick={() => void ask()}>
        {t("notifications.allow")}
      </button>
      <button type="button" className="button button-quiet" data-testid="notification-not-now" onClick={notNow}>
        {t("notifications.notNow")}
      </button>
    </div>
  );
}

function readPutOff(): boolean {
  try {
    return localStorage.getItem(STORED) !== null;
  } catch {
    return false;
  }
}

function keepPutOff(): void {
  try {
    localStorage.setItem(STORED, "not-now");
  } catch {
    // Storage is switched off: asked again with the next page.
  }
}
