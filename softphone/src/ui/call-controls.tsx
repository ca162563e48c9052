import type { Controls, InteractionView } from "@legwork/shared/api";
import type { CallPanelCommand } from "@legwork/shared/call-panel";
import {
  ArrowLeftRight,
  CornerUpLeft,
  CornerUpRight,
  LogOut,
  type LucideIcon,
  MessagesSquare,
  Mic,
  MicOff,
  Pause,
  PhoneForwarded,
  PhoneOff,
  Play,
  UserRoundX,
  UsersRound,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import { COMMAND_OF, type Errand } from "../model/destination.js";
import type { Shortcut } from "../model/shortcuts.js";
import { ControlButton } from "./control-button.js";
import { Keypad } from "./keypad.js";
import { usePanel, usePanelState } from "./panel-context.js";
import { useAct } from "./toasts.js";
import { useSettling } from "./use-settling.js";
import { useShortcuts } from "./use-shortcuts.js";

/** The commands that need nothing but a press; the answer to a transfer stands beside the question. */
type Plain = Exclude<keyof Controls, "consult" | "blind-transfer" | "accept-transfer" | "decline-transfer" | "dtmf">;

interface Look {
  readonly command: Extract<
    CallPanelCommand,
    "hold" | "unhold" | "resume" | "transfer" | "conference" | "endConsult" | "backToCustomer" | "leave" | "end"
  >;
  readonly icon: LucideIcon;
  readonly tone?: "primary" | "danger";
  readonly shortcut?: string;
}

const LOOKS: Readonly<Record<Plain, Look>> = {
  hold: { command: "hold", icon: Pause, shortcut: "H" },
  unhold: { command: "unhold", icon: Play, tone: "primary", shortcut: "H" },
  resume: { command: "resume", icon: ArrowLeftRight, shortcut: "R" },
  transfer: { command: "transfer", icon: PhoneForwarded, tone: "primary", shortcut: "T" },
  conference: { command: "conference", icon: UsersRound, shortcut: "F" },
  "back-to-customer": { command: "backToCustomer", icon: CornerUpLeft },
  "end-consult": { command: "endConsult", icon: UserRoundX, tone: "danger" },
  leave: { command: "leave", icon: LogOut },
  end: { command: "end", icon: PhoneOff, tone: "danger", shortcut: "E" },
};

const YES = { visible: true, enabled: true, reason: null };

interface Props {
  readonly interaction: InteractionView;
  readonly ask: (errand: Errand) => void;
  readonly keypad: boolean;
  readonly setKeypad: (open: boolean) => void;
}

/** Every command of the call, each in a place of its own that nothing takes which means more: this call, the consult, the ways out. */
export function CallControls({ interaction, ask, keypad, setKeypad }: Props) {
  const { t } = useTranslation();
  const panel = usePanel();
  const act = useAct();
  const { pending, muted, desktop } = usePanelState();
  const { controls } = interaction;
  const isSettling = useSettling(controls);
  const run = (name: Plain) => void act(() => panel[LOOKS[name].command]());
  const canRun = (name: Plain) => controls[name].enabled && !isSettling(name) && !pending.includes(LOOKS[name].command);
  const runFirst = (...names: Plain[]) => {
    const name = names.find(canRun);
    if (name) run(name);
  };
  const shortcuts: Partial<Record<Shortcut, () => void>> = {
    hold: () => runFirst("hold", "unhold"),
    resume: () => runFirst("resume"),
    transfer: () => (controls["blind-transfer"].enabled ? ask("transfer") : runFirst("transfer")),
    conference: () => runFirst("conference"),
    end: () => runFirst("end", "leave"),
    consult: () => controls.consult.enabled && ask("consult"),
    keypad: () => controls.dtmf.enabled && setKeypad(!keypad),
    mute: () => void act(() => panel.mute(!muted)),
  };
  useShortcuts(shortcuts);
  const plain = (name: Plain) => {
    const { command, icon, tone, shortcut } = LOOKS[name];
    return (
      <ControlButton
        key={name}
        name={name}
        icon={icon}
        label={t(`controls.${name}`)}
        control={controls[name]}
        pending={pending.includes(command)}
        settling={isSettling(name)}
        press={() => run(name)}
        shortcut={shortcut}
        tone={tone}
      />
    );
  };
  return (
    <div className="controls" role="group" aria-label={t("controls.label")}>
      {desktop?.station.kind === "browser" && (
        <ControlButton
          name="mute"
          icon={muted ? MicOff : Mic}
          label={t(muted ? "controls.unmute" : "controls.mute")}
          control={YES}
          pending={false}
          press={() => void act(() => panel.mute(!muted))}
          shortcut="M"
          pressed={muted}
        />
      )}
      {plain("hold")}
      {plain("unhold")}
      {controls.dtmf.visible && <Keypad open={keypad} setOpen={setKeypad} enabled={controls.dtmf.enabled} />}
      <ControlButton
        name="consult"
        icon={MessagesSquare}
        label={t("controls.consult")}
        control={controls.consult}
        pending={pending.includes(COMMAND_OF.consult)}
        settling={isSettling("consult")}
        press={() => ask("consult")}
        shortcut="C"
      />
      <ControlButton
        name="blind-transfer"
        icon={CornerUpRight}
        label={t("controls.blind-transfer")}
        control={controls["blind-transfer"]}
        pending={pending.includes(COMMAND_OF.transfer)}
        settling={isSettling("blind-transfer")}
        press={() => ask("transfer")}
        shortcut="T"
      />
      {plain("resume")}
      {plain("transfer")}
      {plain("conference")}
      {plain("back-to-customer")}
      {plain("leave")}
      {plain("end-consult")}
      {plain("end")}
      {interaction.role === "owner" && <Why controls={controls} />}
    </div>
  );
}

/**
 * Why visible buttons are disabled, in one line for those who look, which is there in any case; each button also says its own reason. What is being
 * carried out is over in a moment, and the heading says what it is.
 */
function Why({ controls }: { controls: Controls }) {
  const { t, i18n } = useTranslation();
  const names = new Map<string, string[]>();
  for (const [name, control] of Object.entries(controls)) {
    if (!control.visible || control.enabled || !control.reason || control.reason === "busy-with-request") continue;
    names.set(control.reason, [...(names.get(control.reason) ?? []), t(`controls.${name}`)]);
  }
  const list = new Intl.ListFormat(i18n.language);
  return (
    <div className="controls-why" aria-hidden>
      {[...names].map(([reason, labels]) => (
        <p key={reason}>{t("controls.why", { names: list.format(labels), reason: t(`errors.${reason}`) })}</p>
      ))}
    </div>
  );
}
