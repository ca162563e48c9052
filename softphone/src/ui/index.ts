export { App } from "./app.js";
export { Frame } from "./frame.js";
export { startI18n } from "./i18n.js";
export { PanelProvider } from "./panel-context.js";
