export { ActiveTab } from "./active-tab.js";
export { Panel, type PanelParts } from "./call-panel.js";
