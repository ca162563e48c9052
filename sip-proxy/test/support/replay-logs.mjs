// Reads event logs from stdin, as JSON: a list of lists of events; writes the states that each of them leads to, one after the other.
import { text } from "node:stream/consumers";
import { replay } from "../../dist/domain/replay.js";

const logs = JSON.parse(await text(process.stdin));
/** Logs say by which policy; one that does not is not of this version. */
const none = Object.freeze({});
process.stdout.write(JSON.stringify(logs.map((events) => replay(events, none))));
