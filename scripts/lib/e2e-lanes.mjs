// How the end-to-end tests are dealt out to lanes that run beside each other, so that all end at about the same time. Pure.
import path from "node:path";

/** What files take, in seconds, on a quiet machine with two processors; a file that is not named takes about as long as most. */
const SECONDS = {
  "asks-before-a-transfer": 40,
  "browser-phone-and-sipp": 85,
  "follows-the-sites-policy": 40,
  "hang-ups": 55,
  "holds-by-the-phones-key": 40,
  "loses-the-page": 45,
  "main-job-in-firefox": 60,
  "page-dials-and-transfers": 60,
  "phone-families": 45,
  "random-schedules": 85,
  "real-phones": 70,
  "real-phones-matrix": 55,
  recovers: 45,
};
const USUAL_SECONDS = 25;

/** What the lane with the engine that takes drachtio-server's ways has to do besides. */
export const DRACHTIO_WAYS_SECONDS = 75;

const secondsOf = (file) => SECONDS[path.basename(file, ".e2e.ts")] ?? USUAL_SECONDS;

/** Deals files out to `count` lanes, the longest first, each to the lane that has least to do; the first lane begins with `busy` seconds. */
export function lanes(files, count, busy = 0) {
  const made = Array.from({ length: count }, (_, n) => ({ seconds: n === 0 ? busy : 0, files: [] }));
  for (const file of [...files].sort((a, b) => secondsOf(b) - secondsOf(a) || a.localeCompare(b))) {
    const least = made.reduce((best, lane) => (lane.seconds < best.seconds ? lane : best));
    least.seconds += secondsOf(file);
    least.files.push(file);
  }
  return made.map((lane) => lane.files);
}
