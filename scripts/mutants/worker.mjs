// Judges one mutant after the other in a thread of its own.
import { parentPort } from "node:worker_threads";
import { judge } from "./judge.mjs";

parentPort.on("message", async (mutant) => parentPort.postMessage(await judge(mutant)));
