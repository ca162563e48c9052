/** The call panel for pages of others: see "Put the panel into your own page" in README.md. */
import type { CallPanel } from "@legwork/shared/call-panel";
import type { MountedPanel, MountOptions } from "./mount.js";

export { createCallPanel, type CallPanelOptions } from "./create-call-panel.js";
export { CallPanelError } from "@legwork/shared/call-panel";
export type * from "@legwork/shared/call-panel";
export type * from "@legwork/shared/api";
export type { MountedPanel, MountOptions };

/**
 * Shows sign-in and desktop of a panel in an element of the page, which should be empty. Load `legwork-panel.css` too. React comes
 * with it, and only with it: a page that draws its own buttons does without.
 */
export async function mountCallPanel(
  element: Element,
  panel: CallPanel,
  options?: MountOptions,
): Promise<MountedPanel> {
  const { mount } = await import("./mount.js");
  return mount(element, panel, options);
}
