import type { MicrophoneProblem, Processing } from "@legwork/shared/call-panel";

/** What the phone follows of the agent's choice of devices. */
export interface AudioChoice {
  /** The id of the device to capture from, null for the system's own. */
  readonly microphoneId: string | null;
  readonly processing: Processing;
  /** The id of the device to play on; empty for the system's own. */
  readonly speakerId: string;
  /** Called when any of it changes, and when devices came or went; awaited until the phone has done what follows. */
  onChange(follow: () => Promise<void>): () => void;
  /** The microphone was opened, or could not be. */
  microphoneOpened(problem: MicrophoneProblem | null): void;
  /** A microphone in use has gone, and no other could be opened. */
  microphoneLost(): void;
}
