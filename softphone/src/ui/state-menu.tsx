import type { Desktop } from "@legwork/shared/api";
import { Check, ChevronDown } from "lucide-react";
import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { idleReasonLabel, labelIn } from "./agent-state.js";
import { usePanel } from "./panel-context.js";
import { Elapsed } from "./timer.js";
import { useAct } from "./toasts.js";

/** AG-1: the agent's state, and the way to change it by hand. */
export function StateMenu({ desktop }: { desktop: Desktop }) {
  const { t, i18n } = useTranslation();
  const panel = usePanel();
  const act = useAct();
  const { state, since } = desktop.agent;
  const reason = idleReasonLabel(state, desktop.idleReasons, i18n.language);
  const label = t(`agentStates.${state.kind}`);
  const choose = (key: string | number) =>
    void act(() =>
      panel.setState(key === "available" ? { kind: "available" } : { kind: "idle", reason: String(key).slice(5) }),
    );
  return (
    <MenuTrigger>
      <Button className="state-button" data-testid="agent-state" data-state={state.kind}>
        <span className={`dot dot-${state.kind}`} aria-hidden />
        <span className="visually-hidden">{t("stateMenu")}</span>
        <span className="state-name">{reason ? `${label} · ${reason}` : label}</span>
        <Elapsed since={since} label={t("stateSince")} />
        <ChevronDown aria-hidden />
      </Button>
      <Popover className="popover" placement="bottom start">
        <Menu className="menu" onAction={choose} aria-label={t("stateMenuTitle")}>
          <MenuItem
            id="available"
            className="menu-item"
            textValue={t("agentStates.available")}
            data-testid="state-available"
          >
            <span className="dot dot-available" aria-hidden />
            {t("agentStates.available")}
            {state.kind === "available" && <Check aria-hidden />}
          </MenuItem>
          <MenuSection>
            <Header className="menu-header">{t("agentStates.idle")}</Header>
            {desktop.idleReasons.map((item) => (
              <MenuItem
                key={item.id}
                id={`idle:${item.id}`}
                className="menu-item"
                textValue={labelIn(i18n.language, item)}
                data-testid={`state-idle-${item.id}`}
              >
                <span className="dot dot-idle" aria-hidden />
                {labelIn(i18n.language, item)}
                {state.kind === "idle" && state.reason === item.id && <Check aria-hidden />}
              </MenuItem>
            ))}
          </MenuSection>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
