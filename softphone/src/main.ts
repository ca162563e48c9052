import { createCallPanel } from "./package/create-call-panel.js";
import { mount } from "./package/mount.js";
import "./page.css";

const root = document.getElementById("app");
if (!root) throw new Error("index.html has no #app");

const panel = createCallPanel();
mount(root, panel, { ownsPage: true });
void panel.restore();
