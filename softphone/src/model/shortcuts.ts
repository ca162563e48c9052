/** What a key combination does on the desktop. */
export type Shortcut =
  "accept" | "decline" | "hold" | "mute" | "consult" | "resume" | "transfer" | "conference" | "keypad" | "end";

/** Alt+Shift with a letter by its place on the keyboard: free of text fields, of screen readers' keys and of AltGr. */
export const SHORTCUTS: readonly { readonly code: string; readonly letter: string; readonly does: Shortcut }[] = [
  { code: "KeyA", letter: "A", does: "accept" },
  { code: "KeyD", letter: "D", does: "decline" },
  { code: "KeyH", letter: "H", does: "hold" },
  { code: "KeyM", letter: "M", does: "mute" },
  { code: "KeyC", letter: "C", does: "consult" },
  { code: "KeyR", letter: "R", does: "resume" },
  { code: "KeyT", letter: "T", does: "transfer" },
  { code: "KeyF", letter: "F", does: "conference" },
  { code: "KeyK", letter: "K", does: "keypad" },
  { code: "KeyE", letter: "E", does: "end" },
];

interface KeyPress {
  readonly code: string;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly repeat: boolean;
}

/** Where a key was pressed. */
export interface KeyPlace {
  /** In a dialog that the rest of the page waits for. */
  readonly inModal: boolean;
  /** In a field that takes text. */
  readonly inText: boolean;
  /** On macOS Alt with a letter types a character. */
  readonly mac: boolean;
}

/** What does not wait for a dialog: a call that rings, and who hears the agent. */
const BESIDE_A_DIALOG: ReadonlySet<Shortcut> = new Set(["accept", "decline", "mute"]);

/** The shortcut of a key press, if it is one there. A key held down counts once. */
export function shortcutOf(press: KeyPress, place: KeyPlace): Shortcut | undefined {
  if (!press.altKey || !press.shiftKey || press.ctrlKey || press.metaKey || press.repeat) return undefined;
  if (place.inText && place.mac) return undefined;
  const does = SHORTCUTS.find(({ code }) => code === press.code)?.does;
  return does && place.inModal && !BESIDE_A_DIALOG.has(does) ? undefined : does;
}
