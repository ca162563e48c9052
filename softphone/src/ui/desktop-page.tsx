import "./styles/desktop.css";

// Loaded after sign-in, with its style sheet.
export { Desktop as default } from "./desktop.js";
