import type { CallPanelCommand } from "@legwork/shared/call-panel";
import type { LucideIcon } from "lucide-react";
import { useEffect, useRef } from "react";
import { usePanel, usePanelState } from "./panel-context.js";
import { useAct } from "./toasts.js";
import { useSettlingIn } from "./use-settling.js";
import { useShortcuts } from "./use-shortcuts.js";

interface Answer {
  readonly command: Extract<CallPanelCommand, "accept" | "decline" | "acceptTransfer" | "declineTransfer">;
  readonly testId: string;
  readonly label: string;
  readonly icon: LucideIcon;
}

/** Yes and no to somebody who waits for an answer: an incoming call, a transfer. */
export function AnswerButtons({ yes, no }: { readonly yes: Answer; readonly no: Answer }) {
  const panel = usePanel();
  const act = useAct();
  const { pending } = usePanelState();
  const busy = pending.includes(yes.command) || pending.includes(no.command);
  const settling = useSettlingIn(); // what stood here before was perhaps about to be pressed
  const run = ({ command }: Answer) => void (busy || act(() => panel[command]()));
  const yesButton = useRef<HTMLButtonElement>(null);
  useShortcuts({ accept: () => run(yes), decline: () => run(no) });
  useEffect(() => {
    // Somebody who is writing is not interrupted.
    if (document.activeElement === null || document.activeElement === document.body) yesButton.current?.focus();
  }, []);
  return (
    <div className="incoming-buttons">
      <button
        type="button"
        ref={yesButton}
        className="button button-accept"
        data-testid={yes.testId}
        aria-keyshortcuts="Alt+Shift+A"
        aria-disabled={busy || settling}
        data-settling={settling ? "" : undefined}
        onClick={() => void (settling || run(yes))}
      >
        <yes.icon aria-hidden />
        {yes.label}
      </button>
      <button
        type="button"
        className="button button-decline"
        data-testid={no.testId}
        aria-keyshortcuts="Alt+Shift+D"
        aria-disabled={busy || settling}
        data-settling={settling ? "" : undefined}
        onClick={() => void (settling || run(no))}
      >
        <no.icon aria-hidden />
        {no.label}
      </button>
    </div>
  );
}
