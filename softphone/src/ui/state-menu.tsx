import type { AgentStateView, Desktop } from "@legwork/shared/api";
import { Check, ChevronDown } from "lucide-react";
import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { idleReasonLabel, labelIn } from "./agent-state.js";
import { usePanel } from "./panel-context.js";
import { Elapsed } from "./timer.js";
import { useAct } from "./toasts.js";

/** The states that an agent leaves by hand; the others end with the call or the wrap-up that they stand for (AG-1). */
const LEFT_BY_HAND: readonly AgentStateView["kind"][] = ["available", "idle", "rona"];

/** AG-1: the agent's state, with a menu where it may be changed by hand. */
export function AgentState({ desktop }: { desktop: Desktop }) {
  const { kind } = desktop.agent.state;
  if (LEFT_BY_HAND.includes(kind)) return <StateMenu desktop={desktop} />;
  return (
    <p className="state state-fixed" data-testid="agent-state" data-state={kind}>
      <StateText desktop={desktop} />
    </p>
  );
}

function StateText({ desktop }: { desktop: Desktop }) {
  const { t, i18n } = useTranslation();
  const { state, since } = desktop.agent;
  const reason = idleReasonLabel(state, desktop.idleReasons, i18n.language);
  const label = t(`agentStates.${state.kind}`);
  return (
    <>
      <span className={`dot dot-${state.kind}`} aria-hidden />
      <span className="visually-hidden">{t("stateMenu")}</span>
      <span className="state-name">{reason ? `${label} · ${reason}` : label}</span>
      <Elapsed since={since} label={t("stateSince")} />
    </>
  );
}

function StateMenu({ desktop }: { desktop: Desktop }) {
  const { t, i18n } = useTranslation();
  const panel = usePanel();
  const act = useAct();
  const { state } = desktop.agent;
  const choose = (key: string | number) =>
    void act(() =>
      panel.setState(key === "available" ? { kind: "available" } : { kind: "idle", reason: String(key).slice(5) }),
    );
  return (
    <MenuTrigger>
      <Button className="state state-button" data-testid="agent-state" data-state={state.kind}>
        <StateText desktop={desktop} />
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
