import {
  type AudioNews,
  type AudioState,
  type AudioWishes,
  CallPanelError,
  type CallPanelAudio,
  type MicrophoneProblem,
} from "@legwork/shared/call-panel";
import {
  deviceFor,
  devicesIn,
  type MicrophonePermission,
  missingDevices,
  newsOf,
  outlookOf,
  parseWishes,
  problemAfter,
} from "../model/audio-devices.js";
import type { AudioChoice } from "../ports/audio.js";
import { CaptureError, mediaDevices, openTrack } from "./capture.js";
import { measure } from "./level-meter.js";
import { playOnce, ring } from "./tones.js";

const STORED = "legwork.audio";

/** The agent's choice of devices, kept in this browser, and what is there of them. */
export class BrowserAudio implements CallPanelAudio, AudioChoice {
  readonly #listeners = new Set<() => void>();
  readonly #newsListeners = new Set<(news: AudioNews) => void>();
  readonly #followers = new Set<() => Promise<void>>();
  #state: AudioState = {
    wishes: parseWishes(readStored()),
    devices: { inputs: [], outputs: [] },
    missing: [],
    canChooseOutput: "setSinkId" in HTMLMediaElement.prototype,
    problem: mediaDevices() ? null : "insecure",
    outlook: mediaDevices() ? "ready" : "insecure",
    soundBlocked: false,
  };
  #permission: MicrophonePermission = "unknown";
  /** Some microphone is there; until the devices have been listed, there may be. */
  #connected = true;
  /** Devices were listed once: what was missing from the start is no news. */
  #listed = false;
  readonly #closing = new AbortController();

  constructor() {
    mediaDevices()?.addEventListener("devicechange", () => void this.#refresh(), { signal: this.#closing.signal });
    void this.#refresh();
    void this.#followPermission();
  }

  close(): void {
    this.#closing.abort();
    for (const heard of [this.#listeners, this.#newsListeners, this.#followers]) heard.clear();
  }

  get state(): AudioState {
    return this.#state;
  }

  get microphoneId(): string | null {
    return this.#idOf("microphone") || null;
  }

  get speakerId(): string {
    return this.#idOf("speaker");
  }

  get processing(): AudioChoice["processing"] {
    const { echoCancellation, noiseSuppression, autoGainControl } = this.#state.wishes;
    return { echoCancellation, noiseSuppression, autoGainControl };
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onNews(listener: (news: AudioNews) => void): () => void {
    this.#newsListeners.add(listener);
    return () => this.#newsListeners.delete(listener);
  }

  onChange(follow: () => Promise<void>): () => void {
    this.#followers.add(follow);
    return () => this.#followers.delete(follow);
  }

  async choose(changes: Partial<AudioWishes>): Promise<void> {
    const before = this.#state.wishes;
    this.#wish({ ...before, ...changes });
    try {
      await this.#followed();
    } catch (error) {
      this.#wish(before);
      throw error;
    }
    try {
      localStorage.setItem(STORED, JSON.stringify(this.#state.wishes));
    } catch {
      // Storage is switched off: the choice lasts until the page is closed.
    }
  }

  meter(listener: (level: number) => void): () => void {
    let stopped = false;
    let stop = () => undefined as void;
    const start = async () => {
      const track = await openTrack(this);
      stop = () => track.stop();
      const stopMeasuring = measure(track, listener);
      stop = () => {
        stopMeasuring();
        track.stop();
      };
      if (stopped) stop();
      this.microphoneOpened(null);
    };
    start().catch((error: unknown) => {
      stop();
      this.#couldNotOpen(error);
    });
    return () => {
      stopped = true;
      stop();
    };
  }

  async checkMicrophone(): Promise<void> {
    try {
      (await openTrack(this)).stop();
      this.microphoneOpened(null);
    } catch (error) {
      this.#couldNotOpen(error);
    }
  }

  async playTest(role: "speaker" | "ring"): Promise<void> {
    await playOnce(role === "ring" ? "ring" : "tone", this.#idOf(role));
  }

  ring(): () => void {
    return ring(this.#idOf("ring"), (soundBlocked) => {
      if (soundBlocked !== this.#state.soundBlocked) this.#set({ soundBlocked });
    });
  }

  microphoneOpened(problem: MicrophoneProblem | null): void {
    const named = this.#state.devices.inputs.some(({ label }) => label !== "");
    if (problem !== this.#state.problem) this.#set({ problem });
    if (problem === null && !named) void this.#refresh(); // names come with the permission
  }

  microphoneLost(): void {
    this.#tell({ kind: "microphone-lost" });
  }

  #couldNotOpen(error: unknown): void {
    this.microphoneOpened(error instanceof CaptureError ? error.problem : "none");
  }

  /** W3C Permissions: Chromium and Safari know the microphone, Firefox from 131 on. */
  async #followPermission(): Promise<void> {
    try {
      const status = await navigator.permissions.query({ name: "microphone" });
      const follow = () => {
        this.#permission = status.state;
        this.#set({ problem: problemAfter(status.state, this.#state.problem) });
      };
      status.addEventListener("change", follow, { signal: this.#closing.signal });
      follow();
    } catch {
      this.#set({}); // a browser that does not tell
    }
  }

  #idOf(role: "microphone" | "speaker" | "ring"): string {
    return deviceFor(role, this.#state.wishes, this.#state.devices)?.id ?? "";
  }

  async #refresh(): Promise<void> {
    const list = await mediaDevices()?.enumerateDevices();
    if (!list) return;
    const { wishes, missing: before } = this.#state;
    const devices = devicesIn(list);
    this.#connected = list.some(({ kind }) => kind === "audioinput");
    const missing = missingDevices(wishes, devices);
    this.#set({ devices, missing });
    if (this.#listed) for (const news of newsOf(before, missing, wishes)) this.#tell(news);
    this.#listed = true;
    await this.#followed().catch(() => undefined); // `microphoneOpened` has told of it
  }

  #wish(wishes: AudioWishes): void {
    this.#set({ wishes, missing: missingDevices(wishes, this.#state.devices) });
  }

  async #followed(): Promise<void> {
    const results = await Promise.allSettled([...this.#followers].map((follow) => follow()));
    const failed = results.find((result) => result.status === "rejected");
    if (!failed) return;
    throw failed.reason instanceof CallPanelError
      ? failed.reason
      : new CallPanelError("no-microphone", String(failed.reason));
  }

  #set(changes: Partial<AudioState>): void {
    const state = { ...this.#state, ...changes };
    const { problem, devices } = state;
    const named = devices.inputs.some(({ label }) => label !== "");
    const outlook = outlookOf({ problem, permission: this.#permission, connected: this.#connected, named });
    this.#state = { ...state, outlook };
    for (const listener of this.#listeners) listener();
  }

  #tell(news: AudioNews): void {
    for (const listener of this.#newsListeners) listener(news);
  }
}

function readStored(): string | null {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}
