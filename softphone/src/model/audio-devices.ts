import type {
  AudioDevice,
  AudioNews,
  AudioRole,
  AudioState,
  AudioWishes,
  MicrophoneOutlook,
  MicrophoneProblem,
} from "@legwork/shared/call-panel";

export const AUDIO_ROLES: readonly AudioRole[] = ["microphone", "speaker", "ring"];

export const DEFAULT_WISHES: AudioWishes = {
  microphone: null,
  speaker: null,
  ring: null,
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};

type Devices = AudioState["devices"];

/** What a browser lists (W3C MediaDeviceInfo). */
interface Listed {
  readonly kind: string;
  readonly deviceId: string;
  readonly label: string;
}

/** The ids that stand for the system's own choice: they are no devices of their own. */
const SYSTEM_IDS = new Set(["", "default", "communications"]);

/** The real devices in a browser's list. */
export function devicesIn(list: readonly Listed[]): Devices {
  const of = (kind: string) =>
    list
      .filter((device) => device.kind === kind && !SYSTEM_IDS.has(device.deviceId))
      .map(({ deviceId, label }) => ({ id: deviceId, label }));
  return { inputs: of("audioinput"), outputs: of("audiooutput") };
}

const choicesFor = (role: AudioRole, { inputs, outputs }: Devices) => (role === "microphone" ? inputs : outputs);

/**
 * The device to use: the wished one by its id, else by its label (ids change when site data is cleared, or a headset
 * moves to another socket); null is the system's own choice, for want of a wish or of the device.
 */
export function deviceFor(role: AudioRole, wishes: AudioWishes, devices: Devices): AudioDevice | null {
  const wish = wishes[role];
  if (!wish) return null;
  const choices = choicesFor(role, devices);
  return (
    choices.find(({ id }) => id === wish.id) ??
    choices.find(({ label }) => label !== "" && label === wish.label) ??
    null
  );
}

/** Wished for and not there. Before the microphone is allowed nothing is known of devices, so nothing is missing. */
export function missingDevices(wishes: AudioWishes, devices: Devices): AudioRole[] {
  return AUDIO_ROLES.filter((role) => {
    const known =
      choicesFor(role, devices).some(({ label }) => label !== "") || devices.inputs.some(({ label }) => label);
    return known && wishes[role] !== null && deviceFor(role, wishes, devices) === null;
  });
}

/** What an agent has to know after devices came or went; the same device in two roles is told of once. */
export function newsOf(before: readonly AudioRole[], after: readonly AudioRole[], wishes: AudioWishes): AudioNews[] {
  const told = new Set<string>();
  return AUDIO_ROLES.flatMap((role): AudioNews[] => {
    const label = wishes[role]?.label ?? "";
    const gone = after.includes(role);
    if (before.includes(role) === gone || told.has(label)) return [];
    told.add(label);
    return [{ kind: gone ? "device-gone" : "device-back", role, label }];
  });
}

/** W3C Permissions 4: what the browser does when it is asked for the microphone; `unknown`: a browser that does not tell. */
export type MicrophonePermission = PermissionState | "unknown";

/** `problem`: of the last try to open it. `named`: the browser tells the devices' names, which it does once it has been allowed. */
export function outlookOf(facts: {
  readonly problem: MicrophoneProblem | null;
  readonly permission: MicrophonePermission;
  readonly connected: boolean;
  readonly named: boolean;
}): MicrophoneOutlook {
  const { problem, permission, connected, named } = facts;
  if (problem === "insecure") return problem;
  if (permission === "denied") return "denied";
  if (!connected) return "none";
  if (permission === "prompt") return "prompt"; // a question that was waved away is asked again
  if (problem === "none") return "ready"; // connected since
  return problem ?? (permission === "granted" || named ? "ready" : "prompt");
}

/** What is left of the last try's problem when the agent has changed what the browser does. */
export const problemAfter = (
  permission: MicrophonePermission,
  problem: MicrophoneProblem | null,
): MicrophoneProblem | null => (permission === "granted" && problem === "denied" ? null : problem);

/** The wishes as they were stored, as far as they can be read. */
export function parseWishes(stored: string | null): AudioWishes {
  const found = read(stored);
  const device = (role: AudioRole): AudioDevice | null => {
    const { id, label } = record(found[role]);
    return typeof id === "string" && typeof label === "string" && id !== "" ? { id, label } : null;
  };
  const flag = (name: "echoCancellation" | "noiseSuppression" | "autoGainControl") => found[name] !== false;
  return {
    microphone: device("microphone"),
    speaker: device("speaker"),
    ring: device("ring"),
    echoCancellation: flag("echoCancellation"),
    noiseSuppression: flag("noiseSuppression"),
    autoGainControl: flag("autoGainControl"),
  };
}

function read(stored: string | null): Record<string, unknown> {
  try {
    return record(JSON.parse(stored ?? "{}"));
  } catch {
    return {};
  }
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

const QUIETEST_DB = -60;

/** Samples of -1 to 1 to a place on a meter: 0 at -60 dBFS RMS and below, 1 at full scale. */
export function levelOf(samples: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < samples.length; index++) sum += (samples[index] ?? 0) ** 2;
  if (sum === 0) return 0;
  const db = 10 * Math.log10(sum / samples.length);
  return Math.min(1, Math.max(0, 1 - db / QUIETEST_DB));
}
