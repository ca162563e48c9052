import type { InteractionView, SeatView } from "@legwork/shared/api";
import { ArrowLeft, ArrowLeftRight, ArrowRight, Bell, Ear, Music, VolumeX } from "lucide-react";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import { heardBy, type Line, linesBetween, seatsInOrder } from "../model/hearing.js";
import { Avatar, toneOf } from "./avatar.js";

const SOUND_ICONS = { both: ArrowLeftRight, "from-to": ArrowRight, "to-from": ArrowLeft };
const HEARS_ICONS = { people: Ear, music: Music, ringback: Bell, silence: VolumeX };

/** Everyone in the call, and who of them hears whom: in lines for the eye, in words for everyone. */
export function HearsStrip({ interaction }: { interaction: InteractionView }) {
  const { t } = useTranslation();
  const seats = seatsInOrder(interaction.seats);
  const lines = linesBetween(seats);
  const around = lines.find(({ from, to }) => to - from > 1);
  return (
    <section className="hears" aria-labelledby="hears-title" data-testid="hears-strip">
      <h2 id="hears-title">{t("hears.title")}</h2>
      <ol className={`strip${around ? " strip-with-arc" : ""}`}>
        {around && (
          <li className="strip-arc" aria-hidden>
            <SoundIcon line={around} />
          </li>
        )}
        {seats.map((seat, index) => (
          <Fragment key={seat.seat}>
            {index > 0 && <Link line={lines.find(({ from, to }) => from === index - 1 && to === index)} />}
            <Person seat={seat} seats={seats} />
          </Fragment>
        ))}
      </ol>
    </section>
  );
}

function SoundIcon({ line }: { line: Line }) {
  const Icon = SOUND_ICONS[line.sound];
  return (
    <span className="strip-sound">
      <Icon />
    </span>
  );
}

function Link({ line }: { line: Line | undefined }) {
  return (
    <li className={`strip-link${line ? "" : " strip-link-none"}`} aria-hidden>
      {line && <SoundIcon line={line} />}
    </li>
  );
}

function Person({ seat, seats }: { seat: SeatView; seats: readonly SeatView[] }) {
  const { t, i18n } = useTranslation();
  const name = (other: SeatView) => (other.me ? t("you") : other.label);
  const heard = heardBy(seat, seats);
  const kind = seat.hears.kind === "people" && heard.length === 0 ? "silence" : seat.hears.kind;
  const Icon = HEARS_ICONS[kind];
  const names = new Intl.ListFormat(i18n.language, { type: "conjunction" }).format(
    heard.map((other) => (other.me ? t("youObject") : other.label)),
  );
  return (
    <li
      className={`strip-person strip-${seat.status}`}
      data-seat={seat.seat}
      data-role={seat.role}
      data-status={seat.status}
      data-hears={kind}
      data-heard={heard.map((other) => other.role).join(" ")}
    >
      <Avatar label={seat.label} tone={toneOf(seat)} />
      <strong>{name(seat)}</strong>
      <span className={`strip-words strip-words-${kind}`}>
        <Icon aria-hidden />
        {t(`hears.${kind}`, { names })}
      </span>
    </li>
  );
}
