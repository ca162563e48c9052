// The main job, agent 1 in Firefox.
import { Desk } from "../src/desk.js";
import { FirefoxAgent } from "../src/firefox-agent.js";
import { mainJob, type Opens } from "./main-job.js";

const inFirefox: Opens = async (product, id, tone) => Desk.openIn(await FirefoxAgent.launch(id, tone), product, id);

mainJob(inFirefox, Desk.open);
