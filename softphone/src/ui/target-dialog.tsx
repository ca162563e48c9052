import type { Target } from "@legwork/shared/api";
import { useEffect, useRef, useState } from "react";
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { COMMAND_OF, type Errand } from "../model/destination.js";
import { codeOf } from "./errors.js";
import { usePanel, usePanelState } from "./panel-context.js";
import { TargetChoice } from "./target-choice.js";
import { useAct } from "./toasts.js";
import { useChoice } from "./use-choice.js";

interface Props {
  readonly errand: Errand;
  readonly close: () => void;
  /** There is a customer, and on hold already. */
  readonly held: boolean;
}

/** DF-1 to DF-5: whom to consult; the same for a blind transfer (BT-1) and a call (OB-1). */
export function TargetDialog({ errand, close, held }: Props) {
  const { t } = useTranslation();
  return (
    <ModalOverlay className="overlay" isOpen isDismissable onOpenChange={(open) => !open && close()}>
      <Modal className="modal">
        <Dialog className="dialog" data-testid={`${errand}-dialog`}>
          <Heading slot="title">{t(`dialogs.${errand}.title`)}</Heading>
          <TargetForm errand={errand} close={close} held={held} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function TargetForm({ errand, close, held }: Props) {
  const { t } = useTranslation();
  const choice = useChoice(errand);
  const { send, busy, error } = useSend(errand, close);
  const act = useAct();
  const submit = async () => {
    const target = !busy && choice.ready && (await choice.target());
    if (target) await act(() => send(target));
  };
  return (
    <>
      <Lead errand={errand} held={held} />
      <TargetChoice errand={errand} choice={choice} submit={() => void submit()} />
      {error && (
        <p className="message message-error" role="alert" data-testid="consult-error">
          {t(`errors.${error}`)}
        </p>
      )}
      <div className="dialog-buttons">
        <Button className="button" slot="close">
          {t("cancel")}
        </Button>
        <Button
          className="button button-primary"
          data-testid="consult-submit"
          onPress={() => void submit()}
          isDisabled={!choice.ready && !busy}
          isPending={busy} // stays in reach of the keyboard
        >
          {t(busy ? `dialogs.${errand}.busy` : `dialogs.${errand}.submit`)}
        </Button>
      </div>
      <p className="dialog-help">{t(`dialogs.${errand}.help`)}</p>
    </>
  );
}

/** What happens to whom when the dialog's button is pressed. */
function Lead({ errand, held }: Pick<Props, "errand" | "held">) {
  const { t } = useTranslation();
  const deskPhone = usePanelState().desktop?.station.kind === "extension";
  if (errand === "consult" && held) return <p className="dialog-lead">{t("dialogs.consult.leadHeld")}</p>;
  if (errand === "call" && deskPhone) return <p className="dialog-lead">{t("dialogs.call.leadDeskPhone")}</p>;
  return <p className="dialog-lead">{t(`dialogs.${errand}.lead`)}</p>;
}

function useSend(errand: Errand, close: () => void) {
  const panel = usePanel();
  const command = COMMAND_OF[errand];
  const busy = usePanelState().pending.includes(command);
  const [error, setError] = useState<ReturnType<typeof codeOf> | null>(null);
  const shown = useRef(true);
  useEffect(() => {
    shown.current = true;
    return () => {
      shown.current = false;
    };
  }, []);
  const send = async (target: Target) => {
    setError(null);
    try {
      await panel[command](target);
      close();
    } catch (reason) {
      // The dialog may have closed with the call it was for: then a toast says what happened.
      if (shown.current) setError(codeOf(reason));
      else throw reason;
    }
  };
  return { send, busy, error };
}
