import { WifiOff } from "lucide-react";
import { useTranslation } from "react-i18next";
import { formatSeconds, secondsBetween } from "../model/clock.js";
import { usePanelState } from "./panel-context.js";
import { useNow } from "./use-now.js";

// Signing in registers within a moment: nobody needs to read of that.
const WORTH_SAYING_S = 2;

/** Says that the server is out of reach, since when, and that the page is already trying. */
export function ConnectionBanner() {
  const { t } = useTranslation();
  const { connection } = usePanelState();
  const now = useNow();
  if (connection.kind !== "lost") return null;
  const seconds = secondsBetween(connection.since, now);
  if (seconds < WORTH_SAYING_S) return null;
  return (
    <div className="connection-lost" role="alert" data-testid="connection-lost" data-what={connection.what}>
      <WifiOff aria-hidden />
      <span>{t(`connection.${connection.what}`)}</span>
      <span className="elapsed" aria-hidden>
        {formatSeconds(seconds)}
      </span>
    </div>
  );
}
