import { Mic, MicOff } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useAudio } from "./use-audio.js";

/** Before an agent takes calls: that no call could be answered, and why; or that the browser would ask first. */
export function MicrophoneNotice() {
  const { t } = useTranslation();
  const { audio, state } = useAudio();
  const { outlook } = state;
  if (outlook === "ready") return null;
  const asks = outlook === "prompt";
  const Icon = asks ? Mic : MicOff;
  return (
    <div
      className={`message microphone-notice ${asks ? "message-info" : "message-error"}`}
      role={asks ? "status" : "alert"}
      data-testid="microphone-notice"
      data-outlook={outlook}
    >
      <Icon aria-hidden />
      <p>{t(`microphone.${outlook}`)}</p>
      {outlook !== "insecure" && (
        <button
          type="button"
          className="button"
          data-testid="microphone-check"
          onClick={() => void audio.checkMicrophone()}
        >
          {t(asks ? "microphone.allow" : "microphone.check")}
        </button>
      )}
    </div>
  );
}
