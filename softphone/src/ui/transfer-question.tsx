import type { InteractionView } from "@legwork/shared/api";
import { Check, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { formatSeconds } from "../model/clock.js";
import { answerBy, otherParty } from "../model/transfer.js";
import { AnswerButtons } from "./answer-buttons.js";
import { Avatar } from "./avatar.js";
import { useSecondsUntil } from "./timer.js";

/** CO-5: the owner wants this agent to take the customer. Not modal: a wrap-up may be open beside it. */
export function TransferQuestion({ interaction }: { interaction: InteractionView }) {
  const { t } = useTranslation();
  const who = otherParty(interaction)?.label ?? t("somebody");
  const { name, number } = interaction.customer;
  const left = useSecondsUntil(answerBy(interaction));
  return (
    <section className="incoming transfer-question" aria-labelledby="transfer-question" data-testid="transfer-question">
      <span className="incoming-pulse">
        <Avatar label={who} tone="colleague" />
      </span>
      <div className="incoming-who">
        <h2 id="transfer-question">{t("transferQuestion.title", { who })}</h2>
        <p>
          {[name, number].filter(Boolean).join(" · ")}
          {" · "}
          <span className="incoming-countdown" role="timer" aria-live="off" data-testid="transfer-countdown">
            {t("transferQuestion.countdown", { time: formatSeconds(left) })}
          </span>
        </p>
      </div>
      <AnswerButtons
        yes={{
          command: "acceptTransfer",
          testId: "control-accept-transfer",
          label: t("controls.accept-transfer"),
          icon: Check,
        }}
        no={{
          command: "declineTransfer",
          testId: "control-decline-transfer",
          label: t("controls.decline-transfer"),
          icon: X,
        }}
      />
    </section>
  );
}
