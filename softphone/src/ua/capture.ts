import type { MicrophoneProblem } from "@legwork/shared/call-panel";
import type { AudioChoice } from "../ports/audio.js";

/** The microphone could not be opened. */
export class CaptureError extends Error {
  constructor(
    readonly problem: MicrophoneProblem,
    detail: string,
  ) {
    super(detail);
    this.name = "CaptureError";
  }
}

/** W3C Media Capture 10.2.1 (getUserMedia): by the name of the exception. */
const PROBLEMS: Readonly<Record<string, MicrophoneProblem>> = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** The browser's devices; undefined outside a secure context (https or localhost). */
export const mediaDevices = (): MediaDevices | undefined => navigator.mediaDevices as MediaDevices | undefined;

/** Opens the chosen device, or the system's own when the chosen one has gone in this moment. */
export async function openTrack(choice: Pick<AudioChoice, "microphoneId" | "processing">): Promise<MediaStreamTrack> {
  const devices = mediaDevices();
  if (!devices) throw new CaptureError("insecure", "the page needs https to use the microphone");
  const { microphoneId, processing } = choice;
  try {
    return await capture(devices, { ...processing, ...(microphoneId && { deviceId: { exact: microphoneId } }) });
  } catch (error) {
    if (microphoneId && problemOf(error) === "none") return openTrack({ microphoneId: null, processing });
    throw new CaptureError(problemOf(error), String(error));
  }
}

async function capture(devices: MediaDevices, audio: MediaTrackConstraints): Promise<MediaStreamTrack> {
  const [track] = (await devices.getUserMedia({ audio })).getAudioTracks();
  if (!track) throw new CaptureError("none", "the device has no audio track");
  return track;
}

const problemOf = (error: unknown): MicrophoneProblem =>
  error instanceof CaptureError ? error.problem : (PROBLEMS[(error as Error).name] ?? "none");
