export { Panel, type PanelParts } from "./call-panel.js";
