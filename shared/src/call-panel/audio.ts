/** What the call panel lets an agent choose of sound in this browser. Nothing of it leaves the browser. */

/** Where sound comes from or goes to: `ring` is what a waiting call rings on, such as the loudspeaker beside a headset. */
export type AudioRole = "microphone" | "speaker" | "ring";

/** W3C MediaDeviceInfo 9.2: the id is the site's own and may change when site data is cleared; the label is the device's. */
export interface AudioDevice {
  readonly id: string;
  readonly label: string;
}

/** W3C MediaTrackConstraintSet: what the browser does to the microphone's sound before it is sent. */
export interface Processing {
  readonly echoCancellation: boolean;
  readonly noiseSuppression: boolean;
  readonly autoGainControl: boolean;
}

/** What the agent has chosen, remembered in this browser. A device of null is the one that the system uses by itself. */
export interface AudioWishes extends Processing {
  readonly microphone: AudioDevice | null;
  readonly speaker: AudioDevice | null;
  readonly ring: AudioDevice | null;
}

/**
 * Why there is no microphone: the agent or a policy has not allowed it, there is none, another program holds it, or the
 * page was not loaded over https (then a browser gives no microphone at all).
 */
export type MicrophoneProblem = "denied" | "none" | "busy" | "insecure";

/**
 * What answering a call would meet now, as far as the browser says without being asked for sound: `prompt`, it would ask the agent
 * first, and the caller would wait meanwhile.
 */
export type MicrophoneOutlook = "ready" | "prompt" | MicrophoneProblem;

export interface AudioState {
  readonly wishes: AudioWishes;
  /** Without the system's own choice. Empty, or without names, until the microphone has been allowed. */
  readonly devices: { readonly inputs: readonly AudioDevice[]; readonly outputs: readonly AudioDevice[] };
  /** Wished for and not there now: the system's own is used until it is back. */
  readonly missing: readonly AudioRole[];
  /** The browser can play on a chosen device (W3C Audio Output Devices). */
  readonly canChooseOutput: boolean;
  readonly problem: MicrophoneProblem | null;
  readonly outlook: MicrophoneOutlook;
  /** It rings, and the browser keeps it silent, because nobody has touched the page since it was loaded. A press or a key ends it. */
  readonly soundBlocked: boolean;
}

/** Told once: a device in use has gone or come back, or the last microphone has gone and nobody hears the agent. */
export type AudioNews =
  | { readonly kind: "device-gone" | "device-back"; readonly role: AudioRole; readonly label: string }
  | { readonly kind: "microphone-lost" };

export interface CallPanelAudio {
  readonly state: AudioState;
  /** Called after each change of `state`; returns the way to stop it. */
  subscribe(listener: () => void): () => void;
  onNews(listener: (news: AudioNews) => void): () => void;
  /** In force on all calls when it resolves; a device that cannot be opened leaves the one before in use. */
  choose(changes: Partial<AudioWishes>): Promise<void>;
  /**
   * Opens the chosen microphone, which asks for permission where it is not given, and tells its level ten times a
   * second, 0 (-60 dBFS and below) to 1 (full scale). Returns the way to stop it. What goes wrong is in `state.problem`.
   */
  meter(listener: (level: number) => void): () => void;
  /** Opens the microphone and closes it again: asks for permission where it is not given. What goes wrong is in `state`. */
  checkMicrophone(): Promise<void>;
  /** Half a second of 440 Hz on the device of calls, or the ring once on the other. */
  playTest(role: "speaker" | "ring"): Promise<void>;
  /** Rings until the returned function is called. */
  ring(): () => void;
}
