import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Broken, Boundary } from "./broken.js";
import { Main } from "./frame.js";
import { usePanelState } from "./panel-context.js";
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
  if (!desktop) return <Opening lost={connection.kind === "lost"} />;
  return (
    <Boundary instead={<Broken />}>
      <Suspense fallback={<Opening lost={false} />}>
        <Desktop desktop={desktop} />
      </Suspense>
    </Boundary>
  );
}

/** `lost`: not yet, because the server or a part of the page cannot be had; it is being tried again. */
function Opening({ lost }: { readonly lost: boolean }) {
  const { t } = useTranslation();
  return (
    <Main className="opening" aria-busy={!lost} data-testid="opening" data-lost={lost}>
      <div className="opening-words">
        <p role="status">{t(lost ? "openingLost" : "opening")}</p>
        {lost && (
          <button type="button" className="button" onClick={() => location.reload()}>
            {t("reload")}
          </button>
        )}
      </div>
    </Main>
  );
}
