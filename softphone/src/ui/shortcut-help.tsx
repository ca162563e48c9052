import { Keyboard as KeyboardIcon } from "lucide-react";
import { Button, Dialog, DialogTrigger, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { SHORTCUTS } from "../model/shortcuts.js";

/** The keyboard shortcuts, written down where they are used. */
export function ShortcutHelp() {
  const { t } = useTranslation();
  return (
    <DialogTrigger>
      <Button className="icon-button" aria-label={t("shortcuts.title")} data-testid="shortcut-help">
        <KeyboardIcon aria-hidden />
      </Button>
      <ModalOverlay className="overlay" isDismissable>
        <Modal className="modal modal-small">
          <Dialog className="dialog">
            <Heading slot="title">{t("shortcuts.title")}</Heading>
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
            <div className="dialog-buttons">
              <Button className="button" slot="close">
                {t("close")}
              </Button>
            </div>
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  );
}
