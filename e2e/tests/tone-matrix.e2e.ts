// The main job, both agents in Chromium.
import { Desk } from "../src/desk.js";
import { mainJob } from "./main-job.js";

mainJob(Desk.open, Desk.open);
