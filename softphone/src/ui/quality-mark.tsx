import type { CallQuality } from "@legwork/shared/call-panel";
import { Signal, SignalLow } from "lucide-react";
import { Button, Dialog, DialogTrigger, Popover } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { usePanelState } from "./panel-context.js";

/** How one of the agent's own legs sounds; the figures behind it when pressed. Nothing before the first measurement. */
export function QualityMark({ leg }: { leg: "customer" | "consult" }) {
  const { t, i18n } = useTranslation();
  const quality = usePanelState().quality[leg];
  if (!quality) return null;
  const { warning } = quality;
  const summary = t(warning ? `quality.warnings.${warning}` : "quality.good");
  const Icon = warning ? SignalLow : Signal;
  return (
    <DialogTrigger>
      <Button
        className={`quality${warning ? " quality-warn" : ""}`}
        aria-label={`${t("quality.title")}: ${summary}`}
        data-testid={`quality-${leg}`}
        data-warning={warning ?? "none"}
      >
        <Icon aria-hidden />
      </Button>
      <Popover className="popover" placement="bottom end">
        <Dialog className="quality-figures" aria-label={t("quality.title")}>
          <p>{summary}</p>
          <dl>
            {figuresOf(quality, i18n.language).map(([name, text]) => (
              <div key={name}>
                <dt>{t(`quality.figures.${name}`)}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

/** With their units, as the language writes numbers. */
function figuresOf(quality: CallQuality, language: string): readonly (readonly [string, string])[] {
  const number = (value: number, digits: number) =>
    new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
  const { roundTripMs } = quality;
  return [
    ["score", number(quality.score, 1)],
    ["receivingLoss", `${number(quality.lossPercent, 1)} %`],
    ["sendingLoss", `${number(quality.sendingLossPercent, 1)} %`],
    ["roundTrip", roundTripMs === null ? "–" : `${number(roundTripMs, 0)} ms`],
    ["jitter", `${number(quality.jitterMs, 0)} ms`],
    ["codec", quality.codec ?? "–"],
  ];
}
