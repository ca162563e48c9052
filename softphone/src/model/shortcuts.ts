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

/** The shortcut of a key press, if it is one. A key held down counts once. */
export function shortcutOf(press: KeyPress): Shortcut | undefined {
  if (!press.altKey || !press.shiftKey || press.ctrlKey || press.metaKey || press.repeat) return undefined;
  return SHORTCUTS.find(({ code }) => code === press.code)?.does;
}
