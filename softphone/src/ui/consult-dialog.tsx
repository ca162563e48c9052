import type { AgentListing } from "@legwork/shared/api";
import { RefreshCw, Search } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import {
  Button,
  Dialog,
  Heading,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Modal,
  ModalOverlay,
  SearchField,
} from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Avatar } from "./avatar.js";
import { codeOf } from "./errors.js";
import { timeLocale } from "./i18n.js";
import { usePanel, usePanelState } from "./panel-context.js";
import { useAct } from "./toasts.js";

type List =
  | { readonly kind: "loading" }
  | { readonly kind: "failed" }
  | { readonly kind: "loaded"; readonly agents: readonly AgentListing[]; readonly at: Date };

interface Props {
  readonly close: () => void;
  /** The customer is on hold already. */
  readonly held: boolean;
}

/** DF-1 to DF-5: whom to consult. A list that could not be loaded never looks like an empty one. */
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
  const panel = usePanel();
  const busy = usePanelState().pending.includes("consultAgent");
  const { list, refresh } = useAgents();
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  const [error, setError] = useState<ReturnType<typeof codeOf> | null>(null);
  const act = useAct();
  const shown = useRef(true);
  useEffect(() => {
    shown.current = true;
    return () => {
      shown.current = false;
    };
  }, []);

  const consult = async () => {
    if (!chosen || busy) return;
    setError(null);
    try {
      await panel.consultAgent(chosen);
      close();
    } catch (reason) {
      // The dialog may have closed with the call it was for: then a toast says what happened.
      if (shown.current) setError(codeOf(reason));
      else throw reason;
    }
  };

  return (
    <>
      <p className="dialog-lead">{t(held ? "consult.leadHeld" : "consult.lead")}</p>
      <div className="dialog-row">
        <SearchField className="search" value={query} onChange={setQuery} aria-label={t("consult.search")} autoFocus>
          <Label className="visually-hidden">{t("consult.search")}</Label>
          <Search aria-hidden />
          <Input placeholder={t("consult.search")} data-testid="consult-search" />
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
      <Agents list={list} query={query} chosen={chosen} choose={setChosen} />
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
          onPress={() => void act(consult)}
          isDisabled={!chosen || busy}
        >
          {t(busy ? "consult.busy" : "consult.submit")}
        </Button>
      </div>
    </>
  );
}

function useAgents() {
  const panel = usePanel();
  const [list, setList] = useState<List>({ kind: "loading" });
  const refresh = useCallback(async () => {
    setList({ kind: "loading" });
    try {
      setList({ kind: "loaded", agents: await panel.listAgents(), at: new Date() });
    } catch {
      setList({ kind: "failed" });
    }
  }, [panel]);
  useEffect(() => void refresh(), [refresh]);
  return { list, refresh };
}

interface AgentsProps {
  readonly list: List;
  readonly query: string;
  readonly chosen: string | null;
  readonly choose: (agent: string | null) => void;
}

function Agents({ list, query, chosen, choose }: AgentsProps) {
  const { t, i18n } = useTranslation();
  const agents = list.kind === "loaded" ? list.agents : undefined;
  const found = useMemo(() => agents && matching(agents, query, i18n.language), [agents, query, i18n.language]);
  if (list.kind === "loading") return <ListMessage text={t("consult.loading")} busy />;
  if (list.kind === "failed") return <ListMessage text={t("consult.failed")} failed />;
  if (list.agents.length === 0) return <ListMessage text={t("consult.none")} />;
  if (!found || found.length === 0) return <ListMessage text={t("consult.noMatch", { query })} />;
  const time = list.at.toLocaleTimeString(timeLocale(i18n.language, navigator.language), { timeStyle: "short" });
  return (
    <>
      <ListBox
        className="agents"
        aria-label={t("consult.agents")}
        items={found}
        selectionMode="single"
        selectedKeys={chosen ? [chosen] : []}
        disabledKeys={found.filter((agent) => !agent.reachable).map((agent) => agent.id)}
        onSelectionChange={(keys) => choose(keys === "all" ? null : String([...keys][0] ?? "") || null)}
      >
        {(agent) => <AgentItem agent={agent} />}
      </ListBox>
      <p className="list-note">{t("consult.asOf", { time })}</p>
    </>
  );
}

function AgentItem({ agent }: { agent: AgentListing }) {
  const { t } = useTranslation();
  const state = t(`agentStates.${agent.state.kind}`);
  return (
    <ListBoxItem
      id={agent.id}
      textValue={agent.name}
      className="agent"
      data-testid={`consult-agent-${agent.id}`}
      data-reachable={agent.reachable}
    >
      <Avatar label={agent.name} tone={agent.reachable ? "colleague" : "plain"} />
      <span className="agent-name">{agent.name}</span>
      <span className="agent-presence">
        <span className={`dot dot-${agent.state.kind}`} aria-hidden />
        {agent.reachable || agent.state.kind === "offline" ? state : t("consult.notReachable", { state })}
      </span>
    </ListBoxItem>
  );
}

function ListMessage({ text, busy = false, failed = false }: { text: string; busy?: boolean; failed?: boolean }) {
  return (
    <p
      className={`list-message${failed ? " message message-error" : ""}`}
      role={failed ? "alert" : "status"}
      aria-busy={busy}
      data-testid="consult-list-message"
    >
      {text}
    </p>
  );
}

/** Every word of the query begins some word of the name, whatever the case; names ascending. */
export function matching(agents: readonly AgentListing[], query: string, language: string): readonly AgentListing[] {
  const words = query.toLocaleLowerCase(language).split(/\s+/).filter(Boolean);
  const fits = ({ name, id }: AgentListing) => {
    const parts = [...name.toLocaleLowerCase(language).split(/[\s-]+/), id.toLocaleLowerCase(language)];
    return words.every((word) => parts.some((part) => part.startsWith(word)));
  };
  return agents.filter(fits).toSorted((a, b) => a.name.localeCompare(b.name, language));
}
