import type { PresenceView } from "@legwork/shared/api";
import { Check, Phone, Signpost, Users } from "lucide-react";
import { ListBox, ListBoxItem } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { type Destination, type DestinationKind, type Errand, isListed, mayBeChosen } from "../model/destination.js";
import { Avatar } from "./avatar.js";
import { timeLocale } from "./i18n.js";
import type { List } from "./use-destinations.js";

interface Props {
  readonly errand: Errand;
  readonly kind: DestinationKind;
  readonly list: List;
  /** Of the list, what fits the search. */
  readonly lines: readonly Destination[];
  readonly query: string;
  readonly chosen: Destination | null;
  readonly choose: (destination: Destination | null) => void;
}

/** What can be chosen, or in its place why there is nothing: loading, failed, none, or none that fits. */
export function DestinationList({ errand, kind, list, lines, query, chosen, choose }: Props) {
  const { t, i18n } = useTranslation();
  if (list.kind === "loading") return <ListMessage text={t(`targets.loading.${kind}`)} busy />;
  if (list.kind === "failed") return <ListMessage text={t(`targets.failed.${kind}`)} failed />;
  if (kind === "expert" && list.search && lines.length === 0) {
    return <ListMessage text={t("targets.noMatch.expert", { query: list.search })} />;
  }
  if (list.all.length === 0) return <ListMessage text={t(`targets.none.${kind}`)} />;
  if (!list.all.some((each) => isListed(each, errand))) return <ListMessage text={t("targets.none.agentAvailable")} />;
  if (lines.length === 0) return <ListMessage text={t(`targets.noMatch.${kind}`, { query })} />;
  const time = timeOf(list.at, i18n.language);
  return (
    <>
      <ListBox
        className="agents"
        aria-label={t(`targets.kinds.${kind}`)}
        items={lines}
        selectionMode="single"
        selectedKeys={chosen ? [chosen.id] : []}
        disabledKeys={lines.filter((each) => !mayBeChosen(each)).map(({ id }) => id)}
        onSelectionChange={(keys) => choose(lines.find(({ id }) => keys !== "all" && keys.has(id)) ?? null)}
      >
        {(each) => <Item destination={each} errand={errand} />}
      </ListBox>
      <p className="list-note">{t("targets.asOf", { time })}</p>
    </>
  );
}

function Item({ destination, errand }: { destination: Destination; errand: Errand }) {
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
        <Note destination={destination} errand={errand} />
      </span>
      <span className="agent-presence">
        <Facts destination={destination} />
        <Check className="agent-tick" aria-hidden />
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
    case "number":
      return <Avatar label={destination.number} tone="colleague" icon={Phone} />;
    case "expert":
      return <Avatar label={destination.name} tone="colleague" />;
  }
}

/** What there is to know besides: what a full queue means for whom, and what an expert is. */
function Note({ destination, errand }: { destination: Destination; errand: Errand }) {
  const { t } = useTranslation();
  if (destination.kind === "expert") {
    const text = [destination.role, destination.department].filter(Boolean).join(" · ");
    return text && <small>{text}</small>;
  }
  if (destination.kind !== "queue" || destination.free > 0) return null;
  return <small>{t(errand === "transfer" ? "targets.nobodyFreeTransfer" : "targets.nobodyFree")}</small>;
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
          {destination.reachable || kind === "offline" ? state : t("targets.notReachable", { state })}
        </>
      );
    }
    case "queue":
      return `${t("waiting", { count: destination.waiting })} · ${t("targets.free", { count: destination.free })}`;
    case "entry-point":
      return `${destination.number} · ${destination.queue}`;
    case "number":
      return destination.number;
    case "expert":
      return (
        <span className="expert-facts">
          {destination.presence && <Presence presence={destination.presence} />}
          <span>{destination.number}</span>
        </span>
      );
  }
}

/** DF-4: how an expert is, and at what time that was known. */
function Presence({ presence: { state, asOf, stale } }: { presence: PresenceView }) {
  const { t, i18n } = useTranslation();
  const at = new Date(asOf);
  const old = stale && at.toDateString() !== new Date().toDateString();
  const text = { state: t(`presence.${state}`), time: (old ? dayAndTimeOf : timeOf)(at, i18n.language) };
  return (
    <span className="presence" data-presence={state} data-stale={stale}>
      <span className={`dot dot-${state}`} aria-hidden />
      {t(old ? "presence.old" : stale ? "presence.stale" : "presence.asOf", text)}
    </span>
  );
}

const timeOf = (at: Date, language: string): string =>
  at.toLocaleTimeString(timeLocale(language, navigator.language), { timeStyle: "short" });

const dayAndTimeOf = (at: Date, language: string): string =>
  at.toLocaleString(timeLocale(language, navigator.language), { dateStyle: "medium", timeStyle: "short" });

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
