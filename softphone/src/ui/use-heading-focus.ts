import { type RefObject, useEffect, useRef } from "react";

/** For the heading of a view that took the place of the one with the focus: reading goes on there, not at the top of the page. */
export function useHeadingFocus(wanted: boolean): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (wanted && document.activeElement === document.body) heading.current?.focus();
  }, [wanted]);
  return heading;
}

/** The same after a button has gone that had the focus, with a change of what it was for. Focus that was nowhere is left alone. */
export function useFocusKept(change: unknown): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  const last = useRef<Element | null>(null);
  useEffect(() => {
    const keep = ({ target }: FocusEvent) => {
      last.current = target instanceof Element ? target : null;
    };
    document.addEventListener("focusin", keep);
    return () => document.removeEventListener("focusin", keep);
  }, []);
  useEffect(() => {
    if (!last.current || last.current.isConnected || document.activeElement !== document.body) return;
    last.current = null;
    heading.current?.focus();
  }, [change]);
  return heading;
}
