import type { CallPanel } from "@legwork/shared/call-panel";
import { RefreshCw, Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import {
  Button,
  Dialog,
  Heading,
  Input,
  Label,
  Modal,
  ModalOverlay,
  SearchField,
  Tab,
  TabList,
  TabPanel,
  Tabs,
} from "react-aria-components";
import { useTranslation } from "react-i18next";
import { DESTINATION_KINDS, type DestinationKind, isConsulting } from "../model/destination.js";
import { DestinationList } from "./destination-list.js";
import { codeOf } from "./errors.js";
import { usePanel, usePanelState } from "./panel-context.js";
import { useAct } from "./toasts.js";
import { useDestinations } from "./use-destinations.js";

interface Props {
  readonly close: () => void;
  /** The customer is on hold already. */
  readonly held: boolean;
}

/** DF-1 to DF-5: whom to consult. */
export function ConsultDialog({ close, held }: Props) {
  const { t } = useTranslation();
  return (
    <ModalOverlay className="overlay" isOpen isDismissable onOpenChange={(open) => !open && close()}>
      <Modal className="modal">
        <Dialog className="dialog" data-testid="consult-dialog">
          <Heading slot="title">{t("consult.title")}</Heading>
          <ConsultForm close={close} held={held} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function ConsultForm({ close, held }: Props) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<DestinationKind>("agent");
  const [chosen, setChosen] = useState<string | null>(null);
  const { consult, busy, error } = useConsult(close);
  const act = useAct();
  return (
    <>
      <p className="dialog-lead">{t(held ? "consult.leadHeld" : "consult.lead")}</p>
      <Choice
        kind={kind}
        setKind={(next) => {
          setKind(next);
          setChosen(null);
        }}
        chosen={chosen}
        choose={setChosen}
      />
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
          onPress={() => chosen && !busy && void act(() => consult(kind, chosen))}
          isDisabled={!chosen || busy}
        >
          {t(busy ? "consult.busy" : "consult.submit")}
        </Button>
      </div>
    </>
  );
}

interface ChoiceProps {
  readonly kind: DestinationKind;
  readonly setKind: (kind: DestinationKind) => void;
  readonly chosen: string | null;
  readonly choose: (id: string | null) => void;
}

/** The kind, the search in it, and the list. What was searched for stays when the kind changes. */
function Choice({ kind, setKind, chosen, choose }: ChoiceProps) {
  const { t } = useTranslation();
  const { list, refresh } = useDestinations(kind);
  const [query, setQuery] = useState("");
  const search = t(`consult.search.${kind}`);
  return (
    <Tabs className="kinds" selectedKey={kind} onSelectionChange={(key) => setKind(key as DestinationKind)}>
      <TabList className="kinds-list" aria-label={t("consult.kind")}>
        {DESTINATION_KINDS.map((each) => (
          <Tab key={each} id={each} className="kinds-tab" data-testid={`consult-kind-${each}`}>
            {t(`consult.kinds.${each}`)}
          </Tab>
        ))}
      </TabList>
      <div className="dialog-row">
        <SearchField className="search" value={query} onChange={setQuery} aria-label={search} autoFocus>
          <Label className="visually-hidden">{search}</Label>
          <Search aria-hidden />
          <Input placeholder={search} data-testid="consult-search" />
        </SearchField>
        <Button
          className="button"
          data-testid="consult-refresh"
          onPress={() => void refresh()}
          isDisabled={list.kind === "loading"}
        >
          <RefreshCw aria-hidden />
          {t("consult.refresh")}
        </Button>
      </div>
      {DESTINATION_KINDS.map((each) => (
        <TabPanel key={each} id={each} className="kinds-panel">
          <DestinationList kind={each} list={list} query={query} chosen={chosen} choose={choose} />
        </TabPanel>
      ))}
    </Tabs>
  );
}

function useConsult(close: () => void) {
  const panel = usePanel();
  const busy = isConsulting(usePanelState().pending);
  const [error, setError] = useState<ReturnType<typeof codeOf> | null>(null);
  const shown = useRef(true);
  useEffect(() => {
    shown.current = true;
    return () => {
      shown.current = false;
    };
  }, []);
  const consult = async (kind: DestinationKind, id: string) => {
    setError(null);
    try {
      await ask(panel, kind, id);
      close();
    } catch (reason) {
      // The dialog may have closed with the call it was for: then a toast says what happened.
      if (shown.current) setError(codeOf(reason));
      else throw reason;
    }
  };
  return { consult, busy, error };
}

function ask(panel: CallPanel, kind: DestinationKind, id: string): Promise<void> {
  switch (kind) {
    case "agent":
      return panel.consultAgent(id);
    case "queue":
      return panel.consultQueue(id);
    case "entry-point":
      return panel.consultEntryPoint(id);
  }
}
