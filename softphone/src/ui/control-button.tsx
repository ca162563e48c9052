import type { Control } from "@legwork/shared/api";
import type { LucideIcon } from "lucide-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  readonly name: string;
  readonly icon: LucideIcon;
  readonly label: string;
  readonly control: Control;
  readonly pending: boolean;
  /** It has come into sight only now: a press does not count yet. */
  readonly settling?: boolean;
  readonly press: () => void;
  readonly shortcut?: string | undefined;
  readonly tone?: "plain" | "primary" | "danger" | undefined;
  readonly pressed?: boolean | undefined;
}

/**
 * A button of the call. A disabled one stays in the tab order and says why: it is `aria-disabled`, because a really
 * disabled one can neither be reached nor read.
 */
export function ControlButton({ name, icon: Icon, label, control, pending, ...props }: Props) {
  const { settling = false, press, shortcut, tone, pressed } = props;
  const { t } = useTranslation();
  const reasonId = useId();
  if (!control.visible) return null;
  const disabled = !control.enabled || pending || settling;
  const reason = !control.enabled && control.reason ? t(`errors.${control.reason}`) : undefined;
  return (
    <span className={`control place-${name}`}>
      <button
        type="button"
        className={`control-button control-${tone ?? "plain"}`}
        data-testid={`control-${name}`}
        aria-disabled={disabled}
        data-settling={settling && control.enabled && !pending ? "" : undefined}
        aria-busy={pending}
        aria-pressed={pressed}
        aria-describedby={reason ? reasonId : undefined}
        aria-keyshortcuts={shortcut ? `Alt+Shift+${shortcut}` : undefined}
        onClick={() => {
          if (!disabled) press();
        }}
      >
        <Icon aria-hidden />
        <span>{label}</span>
      </button>
      {reason && (
        <span className="control-reason" role="tooltip" id={reasonId}>
          {reason}
        </span>
      )}
    </span>
  );
}
