import { Grid3x3 } from "lucide-react";
import { useState } from "react";
import { Button, Dialog, DialogTrigger, Popover } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { usePanel } from "./panel-context.js";
import { useAct } from "./toasts.js";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];

interface Props {
  readonly open: boolean;
  readonly setOpen: (open: boolean) => void;
  readonly enabled: boolean;
}

/** The keypad: digits by mouse, or typed while it is open. What was pressed stays readable until it is closed. */
export function Keypad({ open, setOpen, enabled }: Props) {
  const { t } = useTranslation();
  const panel = usePanel();
  const act = useAct();
  const [sent, setSent] = useState("");
  const press = (digit: string) => {
    setSent((digits) => digits + digit);
    void act(() => panel.sendDigits(digit));
  };
  const change = (next: boolean) => {
    setOpen(next);
    if (!next) setSent("");
  };
  return (
    <DialogTrigger isOpen={open} onOpenChange={change}>
      <Button className="control-button control-plain place-dtmf" data-testid="control-dtmf" isDisabled={!enabled}>
        <Grid3x3 aria-hidden />
        <span>{t("controls.dtmf")}</span>
      </Button>
      <Popover className="popover" placement="top">
        <Dialog className="keypad" aria-label={t("keypad.title")}>
          <div
            onKeyDown={(event) => {
              if (/^[0-9*#]$/.test(event.key) && !event.altKey) press(event.key);
            }}
          >
            <output className="keypad-sent" aria-live="polite" aria-label={t("keypad.sent")}>
              {sent}
            </output>
            <div className="keypad-keys">
              {KEYS.map((digit, index) => (
                <button
                  key={digit}
                  type="button"
                  data-testid={`key-${digit}`}
                  autoFocus={index === 0}
                  onClick={() => press(digit)}
                >
                  {digit}
                </button>
              ))}
            </div>
          </div>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
