import type { InteractionView, SeatView } from "@legwork/shared/api";
import { Users } from "lucide-react";
import { useTranslation } from "react-i18next";
import { busyWith, seatOf } from "../model/hearing.js";
import { otherParty, otherSide } from "../model/transfer.js";
import { Avatar } from "./avatar.js";
import { QualityMark } from "./quality-mark.js";
import { Elapsed } from "./timer.js";

/** The customer's side and, beside it, the colleague's: told apart by place, colour and words. */
export function CallCards({ interaction }: { interaction: InteractionView }) {
  const other = otherParty(interaction);
  return (
    <div className="cards">
      <CustomerCard interaction={interaction} />
      {interaction.consult && interaction.role === "owner" && interaction.phase !== "conference" ? (
        <ConsultCard consult={interaction.consult} seat={seatOf(interaction, "consulted")} />
      ) : (
        other && (
          <OtherCard
            seat={other}
            seats={interaction.seats}
            side={otherSide(interaction)}
            leg={interaction.role === "consulted" ? "customer" : "consult"}
          />
        )
      )}
    </div>
  );
}

function Status({ status }: { status: SeatView["status"] }) {
  const { t } = useTranslation();
  return <span className={`status status-${status}`}>{t(`status.${status}`)}</span>;
}

/** "Talking" is for who talks with this agent; of the others it says with whom. */
function SeatStatus({ seat, seats }: { seat: SeatView; seats: readonly SeatView[] }) {
  const { t, i18n } = useTranslation();
  const others = busyWith(seat, seats).map(({ label }) => label);
  if (others.length === 0) return <Status status={seat.status} />;
  const names = new Intl.ListFormat(i18n.language, { type: "conjunction" }).format(others);
  return <span className="status">{t("card.speakingWith", { names })}</span>;
}

function CustomerCard({ interaction }: { interaction: InteractionView }) {
  const { t } = useTranslation();
  const seat = seatOf(interaction, "customer");
  const { name, number } = interaction.customer;
  const internal = interaction.internal;
  const side = t(internal ? "sides.colleague" : "sides.customer");
  const way = [interaction.entryPoint, interaction.queue].filter(Boolean).join(" · ");
  return (
    <section
      className={`card ${internal ? "card-consult" : "card-customer"}`}
      aria-label={side}
      data-testid="customer-card"
    >
      <p className="card-side">{side}</p>
      {interaction.role !== "consulted" && <QualityMark leg="customer" />}
      <div className="card-person">
        <Avatar label={name} tone={internal ? "colleague" : "customer"} />
        <div>
          <h2>{name || number}</h2>
          <p>{[name && number, way].filter(Boolean).join(" · ")}</p>
        </div>
      </div>
      <dl className="card-facts">
        <div>
          <dt>{t("card.now")}</dt>
          <dd>
            {seat && <SeatStatus seat={seat} seats={interaction.seats} />}
            {seat && <Elapsed since={seat.since} label={t("card.since")} />}
          </dd>
        </div>
        <div>
          <dt>{t("card.total")}</dt>
          <dd>
            <Elapsed since={interaction.startedAt} label={t("card.total")} />
          </dd>
        </div>
      </dl>
    </section>
  );
}

function ConsultCard({
  consult,
  seat,
}: {
  consult: NonNullable<InteractionView["consult"]>;
  seat: SeatView | undefined;
}) {
  const { t } = useTranslation();
  // Who has not answered has heard nothing yet, and rings for as long as the consult has lasted.
  const since = seat && consult.stage === "answered" ? seat.since : consult.since;
  return (
    <section
      className="card card-consult"
      aria-label={t("sides.consult")}
      data-testid="consult-card"
      data-stage={consult.stage}
      data-active={consult.active}
    >
      <p className="card-side">{t("sides.consult")}</p>
      <QualityMark leg="consult" />
      <div className="card-person">
        <Avatar label={consult.target.label} tone="colleague" {...(consult.stage === "queued" && { icon: Users })} />
        <div>
          <h2>{consult.target.label}</h2>
          <p>{[numberOf(consult.target), t(`consult.stages.${consult.stage}`)].filter(Boolean).join(" · ")}</p>
        </div>
      </div>
      <dl className="card-facts">
        <div>
          <dt>{t("card.now")}</dt>
          <dd>
            <Status status={seat?.status ?? "waiting"} />
            <Elapsed since={since} label={t("card.since")} />
          </dd>
        </div>
        <div>
          <dt>{t("card.consultTotal")}</dt>
          <dd>
            <Elapsed since={consult.since} label={t("card.consultTotal")} />
          </dd>
        </div>
      </dl>
    </section>
  );
}

/** The number of an expert, where the heading is the name. */
const numberOf = (target: NonNullable<InteractionView["consult"]>["target"]): string | undefined =>
  target.kind === "outside" && target.number !== target.label ? target.number : undefined;

interface OtherProps {
  readonly seat: SeatView;
  readonly seats: readonly SeatView[];
  readonly side: ReturnType<typeof otherSide>;
  /** The agent's own leg to them: who is consulted has one, on which the call came (CO-11). */
  readonly leg: "customer" | "consult";
}

function OtherCard({ seat, seats, side, leg }: OtherProps) {
  const { t } = useTranslation();
  return (
    <section
      className="card card-consult"
      aria-label={t(`sides.${side}`)}
      data-testid="colleague-card"
      data-side={side}
    >
      <p className="card-side">{t(`sides.${side}`)}</p>
      <QualityMark leg={leg} />
      <div className="card-person">
        <Avatar label={seat.label} tone="colleague" />
        <div>
          <h2>{seat.label}</h2>
          <p>{t(side === "transfer" ? "roles.transferTarget" : `roles.${seat.role}`)}</p>
        </div>
      </div>
      <dl className="card-facts">
        <div>
          <dt>{t("card.now")}</dt>
          <dd>
            <SeatStatus seat={seat} seats={seats} />
            <Elapsed since={seat.since} label={t("card.since")} />
          </dd>
        </div>
      </dl>
    </section>
  );
}
