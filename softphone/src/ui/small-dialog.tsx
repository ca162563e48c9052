import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { Button, Dialog, DialogTrigger, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useTranslation } from "react-i18next";

interface Props {
  readonly icon: LucideIcon;
  /** Of the button, and over the dialog. */
  readonly title: string;
  /** Test id of the button. */
  readonly button: string;
  /** Test id of the dialog. */
  readonly dialog: string;
  readonly children: ReactNode;
}

/** A button of the top bar and the dialog that it opens, which is there to be read and closed again. */
export function SmallDialog({ icon: Icon, title, button, dialog, children }: Props) {
  const { t } = useTranslation();
  return (
    <DialogTrigger>
      <Button className="icon-button" aria-label={title} data-testid={button}>
        <Icon aria-hidden />
      </Button>
      <ModalOverlay className="overlay" isDismissable>
        <Modal className="modal modal-small">
          <Dialog className="dialog" data-testid={dialog}>
            <Heading slot="title">{title}</Heading>
            {children}
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
