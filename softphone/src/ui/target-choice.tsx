import { RefreshCw, Search } from "lucide-react";
import { useMemo, useState } from "react";
import { Button, Input, Label, SearchField, Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { useTranslation } from "react-i18next";
import {
  type Destination,
  type DestinationKind,
  type Errand,
  found,
  KINDS_OF,
  mayBeChosen,
} from "../model/destination.js";
import { DestinationList } from "./destination-list.js";
import { NumberField } from "./number-field.js";
import { useDestinations } from "./use-destinations.js";
import type { Outcome } from "./use-number-check.js";

interface Props {
  readonly errand: Errand;
  readonly kind: DestinationKind;
  readonly setKind: (kind: DestinationKind) => void;
  readonly chosen: Destination | null;
  readonly choose: (destination: Destination | null) => void;
  readonly number: {
    readonly text: string;
    readonly outcome: Outcome | undefined;
    readonly type: (text: string) => void;
  };
  readonly submit: () => void;
}

/** The kind, the search or the number in it, and the list. What was searched for stays when the kind changes. */
export function TargetChoice({ errand, kind, setKind, chosen, choose, number, submit }: Props) {
  const { t, i18n } = useTranslation();
  const [query, setQuery] = useState("");
  const [typed, setTyped] = useState(""); // unlike the number, not changed by a choice from the list
  const { list, refresh } = useDestinations(kind, query);
  const sought = kind === "number" ? typed : query;
  const all = list.kind === "loaded" ? list.all : undefined;
  const lines = useMemo(
    () => (all ? found(all, { errand, query: sought, language: i18n.language }) : []),
    [all, errand, sought, i18n.language],
  );
  const search = t(`targets.search.${kind}`);
  /** Enter takes the only line there is, and then goes ahead with it. */
  const enter = () => {
    const [only, ...others] = lines.filter(mayBeChosen);
    if (chosen) submit();
    else if (only && others.length === 0) choose(only);
  };
  return (
    <Tabs className="kinds" selectedKey={kind} onSelectionChange={(key) => setKind(key as DestinationKind)}>
      <TabList className="kinds-list" aria-label={t("targets.kind")}>
        {KINDS_OF[errand].map((each) => (
          <Tab key={each} id={each} className="kinds-tab" data-testid={`consult-kind-${each}`}>
            {t(`targets.kinds.${each}`)}
          </Tab>
        ))}
      </TabList>
      <div className="dialog-row">
        {kind === "number" ? (
          <NumberField
            text={number.text}
            type={(text) => {
              setTyped(text);
              number.type(text);
            }}
            outcome={number.outcome}
            submit={submit}
          />
        ) : (
          <SearchField
            className="search"
            value={query}
            onChange={setQuery}
            onSubmit={enter}
            aria-label={search}
            autoFocus
          >
            <Label className="visually-hidden">{search}</Label>
            <Search aria-hidden />
            <Input placeholder={search} data-testid="consult-search" />
          </SearchField>
        )}
        <Button className="button" data-testid="consult-refresh" onPress={refresh} isDisabled={list.kind === "loading"}>
          <RefreshCw aria-hidden />
          {t("targets.refresh")}
        </Button>
      </div>
      {KINDS_OF[errand].map((each) => (
        <TabPanel key={each} id={each} className="kinds-panel">
          <DestinationList
            errand={errand}
            kind={each}
            list={list}
            lines={lines}
            query={sought}
            chosen={chosen}
            choose={choose}
          />
        </TabPanel>
      ))}
    </Tabs>
  );
}
