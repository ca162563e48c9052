import { useEffect } from "react";
import { useAudio } from "./use-audio.js";

/** Rings while a call waits, on the device chosen for it, and goes over to another when that one goes. */
export function useRinger(ringing: boolean): void {
  const { audio, state } = useAudio();
  const device = state.missing.includes("ring") ? undefined : state.wishes.ring?.id;
  useEffect(() => (ringing ? audio.ring() : undefined), [ringing, audio, device]);
}
