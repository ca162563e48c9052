import "./styles/desktop.css";
import "./styles/sound.css";

// Loaded after sign-in, with its style sheet.
export { Desktop as default } from "./desktop.js";
