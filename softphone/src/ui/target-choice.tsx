import { RefreshCw, Search } from "lucide-react";
import { Button, Input, Label, SearchField, Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { type DestinationKind, type Errand, KINDS_OF } from "../model/destination.js";
import { DestinationList } from "./destination-list.js";
import { NumberField } from "./number-field.js";
import type { Choice } from "./use-choice.js";

interface Props {
  readonly errand: Errand;
  readonly choice: Choice;
  readonly submit: () => void;
}

/** The kind, the search or the number in it, and the list. */
export function TargetChoice({ errand, choice, submit }: Props) {
  const { t } = useTranslation();
  const { kind, list } = choice;
  return (
    <Tabs className="kinds" selectedKey={kind} onSelectionChange={(key) => choice.setKind(key as DestinationKind)}>
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
            text={choice.number}
            type={choice.type}
            outcome={choice.outcome}
            submit={submit}
            autoFocus={!choice.switched}
          />
        ) : (
          <SearchBox choice={choice} submit={submit} />
        )}
        <Button
          className="button"
          data-testid="consult-refresh"
          onPress={choice.refresh}
          isDisabled={list.kind === "loading"}
        >
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
            lines={choice.lines}
            query={choice.sought}
            chosen={choice.chosen}
            choose={choice.choose}
          />
        </TabPanel>
      ))}
    </Tabs>
  );
}

/** Enter takes the only line there is, and then goes ahead with it. */
function SearchBox({ choice, submit }: Omit<Props, "errand">) {
  const { t } = useTranslation();
  const label = t(`targets.search.${choice.kind}`);
  const enter = () => {
    if (choice.chosen) submit();
    else if (choice.only) choice.choose(choice.only);
  };
  return (
    <SearchField
      className="search"
      value={choice.query}
      onChange={choice.search}
      onSubmit={enter}
      aria-label={label}
      autoFocus={!choice.switched}
    >
      <Label className="visually-hidden">{label}</Label>
      <Search aria-hidden />
      <Input placeholder={label} data-testid="consult-search" />
    </SearchField>
  );
}
