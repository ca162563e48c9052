import type { AudioDevice, AudioRole, Processing } from "@legwork/shared/call-panel";
import { Settings2, Volume2 } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { SmallDialog } from "./small-dialog.js";
import { useAct } from "./toasts.js";
import { useAudio } from "./use-audio.js";

const PROCESSING: readonly (keyof Processing)[] = ["echoCancellation", "noiseSuppression", "autoGainControl"];

/** Microphone, loudspeaker and where it rings; each can be tried out here. */
export function SoundSettings() {
  const { t } = useTranslation();
  return (
    <SmallDialog icon={Settings2} title={t("sound.title")} button="sound-settings" dialog="sound-dialog">
      <Problem />
      <DevicePicker role="microphone" />
      <Meter />
      <DevicePicker role="speaker" />
      <DevicePicker role="ring" />
      <ProcessingChoice />
    </SmallDialog>
  );
}

/** Why there is no microphone, and what the agent can do about it. */
function Problem() {
  const { t } = useTranslation();
  const { problem } = useAudio().state;
  if (!problem) return null;
  return (
    <p className="message message-error" role="alert" data-testid="sound-problem" data-problem={problem}>
      {t(`sound.problems.${problem}`)}
    </p>
  );
}

function DevicePicker({ role }: { role: AudioRole }) {
  const { t } = useTranslation();
  const { audio, state } = useAudio();
  const act = useAct();
  const id = useId();
  if (role !== "microphone" && !state.canChooseOutput) {
    return role === "speaker" ? <p className="dialog-lead">{t("sound.outputBySystem")}</p> : null;
  }
  const devices = (role === "microphone" ? state.devices.inputs : state.devices.outputs).filter(({ label }) => label);
  const wish = state.wishes[role];
  const missing = state.missing.includes(role);
  const inUse =
    wish && (devices.find((each) => each.id === wish.id) ?? devices.find(({ label }) => label === wish.label));
  const choose = (chosen: AudioDevice | null) => void act(() => audio.choose({ [role]: chosen }));
  return (
    <div className="field">
      <label htmlFor={id}>{t(`sound.roles.${role}`)}</label>
      <div className="dialog-row">
        <select
          id={id}
          data-testid={`sound-${role}`}
          value={inUse?.id ?? (wish ? wish.id : "")}
          aria-describedby={missing ? `${id}-missing` : undefined}
          onChange={({ target }) => choose(devices.find((each) => each.id === target.value) ?? null)}
        >
          <option value="">{t("sound.system")}</option>
          {wish && !inUse && <option value={wish.id}>{wish.label}</option>}
          {devices.map((device) => (
            <option key={device.id} value={device.id}>
              {device.label}
            </option>
          ))}
        </select>
        {role !== "microphone" && <TestButton role={role} />}
      </div>
      {missing && (
        <small id={`${id}-missing`} data-testid={`sound-${role}-missing`}>
          {t("sound.missing")}
        </small>
      )}
    </div>
  );
}

function TestButton({ role }: { role: "speaker" | "ring" }) {
  const { t } = useTranslation();
  const { audio } = useAudio();
  const [playing, setPlaying] = useState(false);
  const play = () => {
    setPlaying(true);
    void audio.playTest(role).finally(() => setPlaying(false));
  };
  return (
    <Button
      className="icon-button"
      aria-label={t(`sound.try.${role}`)}
      data-testid={`sound-try-${role}`}
      isDisabled={playing}
      onPress={play}
    >
      <Volume2 aria-hidden />
    </Button>
  );
}

/** Moves without React: ten times a second is nothing to render a dialog for. */
function Meter() {
  const { t } = useTranslation();
  const { audio, state } = useAudio();
  const meter = useRef<HTMLMeterElement>(null);
  const { microphone, echoCancellation, noiseSuppression, autoGainControl } = state.wishes;
  const gone = state.missing.includes("microphone");
  useEffect(
    () =>
      audio.meter((level) => {
        if (meter.current) meter.current.value = level;
      }),
    [audio, microphone?.id, gone, echoCancellation, noiseSuppression, autoGainControl],
  );
  return (
    <div className="field">
      <meter ref={meter} className="level" aria-label={t("sound.level")} min={0} max={1} data-testid="sound-level" />
      <small>{t("sound.levelHint")}</small>
    </div>
  );
}

function ProcessingChoice() {
  const { t } = useTranslation();
  const { audio, state } = useAudio();
  const act = useAct();
  return (
    <fieldset className="switches">
      <legend>{t("sound.processing")}</legend>
      {PROCESSING.map((name) => (
        <label key={name}>
          <input
            type="checkbox"
            data-testid={`sound-${name}`}
            checked={state.wishes[name]}
            onChange={({ target }) => void act(() => audio.choose({ [name]: target.checked }))}
          />
          {t(`sound.switches.${name}`)}
        </label>
      ))}
    </fieldset>
  );
}
