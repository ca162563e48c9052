import { Signpost, Users } from "lucide-react";
import { useMemo } from "react";
import { ListBox, ListBoxItem } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { type Destination, type DestinationKind, matching, mayBeChosen } from "../model/destination.js";
import { Avatar } from "./avatar.js";
import { timeLocale } from "./i18n.js";
import type { List } from "./use-destinations.js";

interface Props {
  readonly kind: DestinationKind;
  readonly list: List;
  readonly query: string;
  readonly chosen: string | null;
  readonly choose: (id: string | null) => void;
}

/** What can be chosen, or in its place why there is nothing: loading, failed, none, or none that fits. */
export function DestinationList({ kind, list, query, chosen, choose }: Props) {
  const { t, i18n } = useTranslation();
  const all = list.kind === "loaded" ? list.all : undefined;
  const found = useMemo(() => all && matching(all, query, i18n.language), [all, query, i18n.language]);
  if (list.kind === "loading") return <ListMessage text={t(`consult.loading.${kind}`)} busy />;
  if (list.kind === "failed") return <ListMessage text={t(`consult.failed.${kind}`)} failed />;
  if (list.all.length === 0) return <ListMessage text={t(`consult.none.${kind}`)} />;
  if (!found || found.length === 0) return <ListMessage text={t(`consult.noMatch.${kind}`, { query })} />;
  const time = list.at.toLocaleTimeString(timeLocale(i18n.language, navigator.language), { timeStyle: "short" });
  return (
    <>
      <ListBox
        className="agents"
        aria-label={t(`consult.kinds.${kind}`)}
        items={found}
        selectionMode="single"
        selectedKeys={chosen ? [chosen] : []}
        disabledKeys={found.filter((each) => !mayBeChosen(each)).map(({ id }) => id)}
        onSelectionChange={(keys) => choose(keys === "all" ? null : String([...keys][0] ?? "") || null)}
      >
        {(each) => <Item destination={each} />}
      </ListBox>
      <p className="list-note">{t("consult.asOf", { time })}</p>
    </>
  );
}

function Item({ destination }: { destination: Destination }) {
  const { kind, id, name } = destination;
  return (
    <ListBoxItem
      id={id}
      textValue={name}
      className="agent"
      data-testid={`consult-${kind}-${id}`}
      {...(kind === "agent" && { "data-reachable": destination.reachable })}
    >
      <Mark destination={destination} />
      <span className="agent-name">
        {name}
        {kind === "queue" && destination.free === 0 && <NobodyFree />}
      </span>
      <span className="agent-presence">
        <Facts destination={destination} />
      </span>
    </ListBoxItem>
  );
}

function Mark({ destination }: { destination: Destination }) {
  switch (destination.kind) {
    case "agent":
      return <Avatar label={destination.name} tone={destination.reachable ? "colleague" : "plain"} />;
    case "queue":
      return <Avatar label={destination.name} tone={destination.free > 0 ? "colleague" : "plain"} icon={Users} />;
    case "entry-point":
      return <Avatar label={destination.name} tone="colleague" icon={Signpost} />;
  }
}

function NobodyFree() {
  const { t } = useTranslation();
  return <small>{t("consult.nobodyFree")}</small>;
}

/** What helps to choose: how an agent is, how busy a queue is, where an entry point leads. */
function Facts({ destination }: { destination: Destination }) {
  const { t } = useTranslation();
  switch (destination.kind) {
    case "agent": {
      const { kind } = destination.state;
      const state = t(`agentStates.${kind}`);
      return (
        <>
          <span className={`dot dot-${kind}`} aria-hidden />
          {destination.reachable || kind === "offline" ? state : t("consult.notReachable", { state })}
        </>
      );
    }
    case "queue":
      return `${t("waiting", { count: destination.waiting })} · ${t("consult.free", { count: destination.free })}`;
    case "entry-point":
      return `${destination.number} · ${destination.queue}`;
  }
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
