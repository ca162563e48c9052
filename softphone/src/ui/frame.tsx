import { type ComponentProps, createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

interface Place {
  /** The page is nothing but the panel: its title, language and landmarks are the panel's to say. */
  readonly ownsPage: boolean;
  /** At the end of the document, for what lies over everything; null before it is there. */
  readonly layer: HTMLElement | null;
}

const PlaceContext = createContext<Place>({ ownsPage: true, layer: null });

export const useOwnsPage = (): boolean => useContext(PlaceContext).ownsPage;

/** Where dialogs and menus go. */
export const useLayer = (): HTMLElement | null => useContext(PlaceContext).layer;

/** Where the panel stands: its styles and its language hold in here, and in the layer over the page, and nowhere else. */
export function Frame({ ownsPage, children }: { readonly ownsPage: boolean; readonly children: ReactNode }) {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  const layer = useLayerElement(language);
  useEffect(() => {
    if (ownsPage) document.documentElement.lang = language;
  }, [ownsPage, language]);
  return (
    <PlaceContext value={{ ownsPage, layer }}>
      {ownsPage ? (
        <div className="legwork legwork-frame legwork-page">{children}</div>
      ) : (
        <section className="legwork legwork-frame" lang={language} aria-label={t("panel")}>
          {children}
        </section>
      )}
    </PlaceContext>
  );
}

function useLayerElement(language: string): HTMLElement | null {
  const [layer, setLayer] = useState<HTMLElement | null>(null);
  useEffect(() => {
    const element = document.createElement("div");
    element.className = "legwork";
    document.body.append(element);
    setLayer(element);
    return () => element.remove();
  }, []);
  useEffect(() => {
    if (layer) layer.lang = language;
  }, [layer, language]);
  return layer;
}

/** The page's main part, where the panel is all there is. */
export function Main({ children, ...attributes }: ComponentProps<"div">) {
  return useOwnsPage() ? <main {...attributes}>{children}</main> : <div {...attributes}>{children}</div>;
}

/** The heading of what the panel shows: the page's own, or, in a page of others, one below theirs. */
export function PageHeading(attributes: ComponentProps<"h1">) {
  return useOwnsPage() ? <h1 {...attributes} /> : <h2 {...attributes} />;
}

/** What the browser's tab is called while this is shown, where the page is the panel's. */
export function usePageTitle(text: string | undefined): void {
  const ownsPage = useOwnsPage();
  useEffect(() => {
    if (!ownsPage) return;
    document.title = text ? `${text} – Legwork` : "Legwork";
    return () => {
      document.title = "Legwork";
    };
  }, [text, ownsPage]);
}
