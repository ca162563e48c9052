import { useEffect, useRef } from "react";
import { type KeyPlace, type Shortcut, shortcutOf } from "../model/shortcuts.js";

/** Listens for the page's shortcuts while the component is shown. */
export function useShortcuts(actions: Readonly<Partial<Record<Shortcut, () => void>>>): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const shortcut = shortcutOf(event, placeOf(event.target));
      const action = shortcut && latest.current[shortcut];
      if (!action) return;
      event.preventDefault();
      action();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
}

const TEXT = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable=true]";

function placeOf(target: EventTarget | null): KeyPlace {
  const element = target instanceof Element ? target : null;
  return {
    inModal: element?.closest(".overlay") != null, // an open dialog keeps the focus
    inText: element?.closest(TEXT) != null,
    mac: /^Mac/.test(navigator.platform),
  };
}
