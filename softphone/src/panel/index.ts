export { Panel, type PhoneMaker } from "./call-panel.js";
