import type { AudioState, CallPanelAudio } from "@legwork/shared/call-panel";
import { useSyncExternalStore } from "react";
import { usePanel } from "./panel-context.js";

/** The devices and the agent's choice of them, followed. */
export function useAudio(): { readonly audio: CallPanelAudio; readonly state: AudioState } {
  const { audio } = usePanel();
  const read = () => audio.state;
  return { audio, state: useSyncExternalStore((changed) => audio.subscribe(changed), read, read) };
}
