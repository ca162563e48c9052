import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { usePanelState } from "./panel-context.js";
import { Main } from "./frame.js";
import { SignIn } from "./sign-in.js";
import { TabInactive } from "./tab-inactive.js";

const Desktop = lazy(() => import("./desktop-page.js"));

/** Sign-in, or the desktop: which of the two is the connection's to say. */
export function App() {
  const { connection, desktop } = usePanelState();
  if (connection.kind === "signed-out") {
    const { why } = connection;
    if (why === "other-tab" || why === "other-tab-closed") return <TabInactive closed={why === "other-tab-closed"} />;
    return <SignIn ended={why} />;
  }
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
    <Main className="opening" aria-busy="true">
      <p role="status">{t("opening")}</p>
    </Main>
  );
}
