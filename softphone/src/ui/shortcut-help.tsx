import { Keyboard as KeyboardIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { SHORTCUTS } from "../model/shortcuts.js";
import { SmallDialog } from "./small-dialog.js";

/** The keyboard shortcuts, written down where they are used. */
export function ShortcutHelp() {
  const { t } = useTranslation();
  return (
    <SmallDialog icon={KeyboardIcon} title={t("shortcuts.title")} button="shortcut-help" dialog="shortcut-dialog">
      <dl className="shortcut-list">
        {SHORTCUTS.map(({ letter, does }) => (
          <div key={does}>
            <dt>{t(`shortcuts.does.${does}`)}</dt>
            <dd>
              <kbd>Alt</kbd> <kbd>Shift</kbd> <kbd>{letter}</kbd>
            </dd>
          </div>
        ))}
      </dl>
    </SmallDialog>
  );
}
