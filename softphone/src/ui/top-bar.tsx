import type { Desktop } from "@legwork/shared/api";
import { LogOut, Monitor, PhoneCall, Users } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Avatar } from "./avatar.js";
import { Brand } from "./brand.js";
import { LanguageSwitch } from "./language-switch.js";
import { usePanel, usePanelState } from "./panel-context.js";
import { ShortcutHelp } from "./shortcut-help.js";
import { SoundSettings } from "./sound-settings.js";
import { AgentState } from "./state-menu.js";
import { useAct } from "./toasts.js";

/** Who is signed in, in which state, with what around. */
export function TopBar({ desktop }: { desktop: Desktop }) {
  const { t } = useTranslation();
  const panel = usePanel();
  const act = useAct();
  const busy = usePanelState().pending.includes("signOut");
  const { kind, registered } = desktop.station;
  const StationIcon = kind === "browser" ? Monitor : PhoneCall;
  return (
    <header className="top-bar">
      <Brand />
      <AgentState desktop={desktop} />
      <p className="chip" data-testid="waiting" data-waiting={desktop.waiting}>
        <Users aria-hidden />
        {t("waiting", { count: desktop.waiting })}
      </p>
      <p className={`chip${registered ? "" : " chip-warn"}`} data-testid="station" data-registered={registered}>
        <StationIcon aria-hidden />
        {t(registered ? `stations.${kind}` : `stations.${kind}Away`)}
      </p>
      <div className="top-bar-end">
        <LanguageSwitch />
        {kind === "browser" && <SoundSettings />}
        <ShortcutHelp />
        <span className="me">
          <Avatar label={desktop.agent.name} tone="me" />
          <span>{desktop.agent.name}</span>
        </span>
        <button
          type="button"
          className="icon-button"
          data-testid="sign-out"
          aria-label={t("signOut")}
          title={t("signOut")}
          aria-disabled={busy}
          onClick={() => void act(() => panel.signOut())}
        >
          <LogOut aria-hidden />
        </button>
      </div>
    </header>
  );
}
