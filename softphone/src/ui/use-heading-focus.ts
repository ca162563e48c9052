import { type RefObject, useEffect, useRef } from "react";

/** For the heading of a view that took the place of the one with the focus: reading goes on there, not at the top of the page. */
export function useHeadingFocus(wanted: boolean): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (wanted && document.activeElement === document.body) heading.current?.focus();
  }, [wanted]);
  return heading;
}

/** The same after a button has gone that had the focus, whenever `change` is another than before. */
export function useFocusKept(change: unknown): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef(change);
  useEffect(() => {
    if (before.current !== change && document.activeElement === document.body) heading.current?.focus();
    before.current = change;
  }, [change]);
  return heading;
}
