import type { AudioState, CallPanelAudio } from "@legwork/shared/call-panel";
import { DEFAULT_WISHES } from "../model/audio-devices.js";

const HEADSET = { id: "headset", label: "Headset" };

const STATE: AudioState = {
  wishes: { ...DEFAULT_WISHES, microphone: HEADSET, ring: { id: "desk", label: "Desk loudspeaker" } },
  devices: {
    inputs: [HEADSET, { id: "webcam", label: "Webcam" }],
    outputs: [HEADSET, { id: "monitor", label: "Monitor" }],
  },
  missing: ["ring"],
  canChooseOutput: true,
  problem: null,
  outlook: "ready",
  soundBlocked: false,
};

/** Two devices each way, and one that was chosen and is gone; the microphone stands at half its level. */
export const sampleAudio = (changes: Partial<AudioState> = {}): CallPanelAudio & { close(): void } => ({
  state: { ...STATE, ...changes },
  subscribe: () => () => undefined,
  onNews: () => () => undefined,
  choose: () => Promise.resolve(),
  meter: (listener) => {
    const timer = setTimeout(() => listener(0.5));
    return () => clearTimeout(timer);
  },
  checkMicrophone: () => Promise.resolve(),
  playTest: () => Promise.resolve(),
  ring: () => () => undefined,
  close: () => undefined,
});
