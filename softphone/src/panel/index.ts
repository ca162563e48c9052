export { ActiveTab } from "./active-tab.js";
export { Panel } from "./call-panel.js";
export { KeptMute } from "./kept-mute.js";
