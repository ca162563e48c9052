import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { usePanel, usePanelState } from "./panel-context.js";
import { SignIn } from "./sign-in.js";

const Desktop = lazy(() => import("./desktop-page.js"));

/** Sign-in, or the desktop: which of the two is the connection's to say. */
export function App() {
  const { connection, desktop } = usePanelState();
  const endedElsewhere = useEndedElsewhere();
  if (connection.kind === "signed-out") return <SignIn endedElsewhere={endedElsewhere} />;
  if (!desktop) return <Opening />;
  return (
    <Suspense fallback={<Opening />}>
      <Desktop desktop={desktop} />
    </Suspense>
  );
}

function Opening() {
  const { t } = useTranslation();
  return (
    <main className="opening" aria-busy="true">
      <p role="status">{t("opening")}</p>
    </main>
  );
}

function useEndedElsewhere(): boolean {
  const panel = usePanel();
  const { connection } = usePanelState();
  const [ended, setEnded] = useState(false);
  useEffect(() => panel.onNotice((notice) => notice.kind === "signed-out-elsewhere" && setEnded(true)), [panel]);
  useEffect(() => {
    if (connection.kind === "ready") setEnded(false);
  }, [connection.kind]);
  return ended;
}
