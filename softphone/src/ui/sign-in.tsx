import type { SignedOutReason } from "@legwork/shared/call-panel";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Brand } from "./brand.js";
import { codeOf } from "./errors.js";
import { Main, PageHeading, useOwnsPage, usePageTitle } from "./frame.js";
import { LanguageSwitch } from "./language-switch.js";
import { usePanel, usePanelState } from "./panel-context.js";
import { useHeadingFocus } from "./use-heading-focus.js";

type StationKind = "browser" | "extension";

/** Sign-in with a station (AG-2). Plain elements only: the desktop's parts are loaded afterwards. */
export function SignIn({ ended }: { readonly ended: Exclude<SignedOutReason, `other-tab${string}`> | null }) {
  const { t } = useTranslation();
  const panel = usePanel();
  const ownsPage = useOwnsPage();
  const busy = usePanelState().pending.includes("signIn");
  const [kind, setKind] = useState<StationKind>("browser");
  const [error, setError] = useState<ReturnType<typeof codeOf> | null>(null);
  const form = useRef<HTMLFormElement>(null);
  usePageTitle(t("signIn.title"));
  const heading = useHeadingFocus(ended !== null);
  const alert = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (error) alert.current?.focus();
  }, [error]);

  const signIn = (takeOver: boolean) => {
    if (!form.current || busy) return;
    const values = new FormData(form.current);
    const text = (name: string) => String(values.get(name) ?? "").trim();
    setError(null);
    const station = kind === "browser" ? { kind } : { kind, extension: text("extension") };
    panel
      .signIn({ agent: text("agent"), password: String(values.get("password") ?? ""), station, takeOver })
      .catch((reason: unknown) => setError(codeOf(reason)));
  };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn(false);
  };

  return (
    <Main className="sign-in">
      <div className="sign-in-card">
        <header>
          <Brand />
          <LanguageSwitch />
        </header>
        <PageHeading ref={heading} tabIndex={-1}>
          {t("signIn.title")}
        </PageHeading>
        {ended && !error && (
          <p className="message message-info" role="status" data-testid="sign-in-ended" data-why={ended}>
            {t(`signIn.ended.${ended}`)}
          </p>
        )}
        {error && (
          <div className="message message-error" role="alert" tabIndex={-1} ref={alert} data-testid="sign-in-error">
            <p>{t(`errors.${error}`)}</p>
            {error === "already-signed-in" && (
              <button type="button" className="button" data-testid="sign-in-take-over" onClick={() => signIn(true)}>
                {t("signIn.takeOver")}
              </button>
            )}
          </div>
        )}
        <form ref={form} onSubmit={submit} aria-busy={busy}>
          <label className="field">
            <span>{t("signIn.agent")}</span>
            <input
              name="agent"
              data-testid="sign-in-agent"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={64}
              required
              autoFocus={ownsPage}
            />
          </label>
          <label className="field">
            <span>{t("signIn.password")}</span>
            <input
              name="password"
              type="password"
              data-testid="sign-in-password"
              autoComplete="current-password"
              maxLength={256}
              required
            />
          </label>
          <fieldset className="stations">
            <legend>{t("signIn.station")}</legend>
            <StationChoice kind="browser" chosen={kind} choose={setKind} />
            <StationChoice kind="extension" chosen={kind} choose={setKind} />
          </fieldset>
          {kind === "extension" && (
            <label className="field">
              <span>{t("signIn.extension")}</span>
              <input
                name="extension"
                data-testid="sign-in-extension"
                inputMode="numeric"
                pattern="[0-9]{3,6}"
                title={t("signIn.extensionForm")}
                required
              />
            </label>
          )}
          <button type="submit" className="button button-primary" data-testid="sign-in-submit" aria-disabled={busy}>
            {t(busy ? "signIn.busy" : "signIn.submit")}
          </button>
        </form>
      </div>
    </Main>
  );
}

function StationChoice(props: { kind: StationKind; chosen: StationKind; choose: (kind: StationKind) => void }) {
  const { t } = useTranslation();
  const { kind, chosen, choose } = props;
  return (
    <label className="station">
      <input
        type="radio"
        name="station"
        value={kind}
        checked={chosen === kind}
        data-testid={`sign-in-station-${kind}`}
        onChange={() => choose(kind)}
      />
      <span>
        <strong>{t(`signIn.stations.${kind}`)}</strong>
        <small>{t(`signIn.stationHints.${kind}`)}</small>
      </span>
    </label>
  );
}
