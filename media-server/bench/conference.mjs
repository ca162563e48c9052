// CPU time that the media-server needs for one participant of a three-way conference, per second.
// usage: node bench/conference.mjs [rooms=10] [seconds=15] [codecs=PCMU,opus,opus]     Needs the built dist/ and Linux (/proc).
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { WebSocket } from "ws";
import { evanOpus } from "../dist/adapters/opus/evan-opus.js";
import { WaveformEncoder } from "../dist/audio/waveform-codec.js";
import { writeRtp } from "../dist/rtp/packet.js";

const ROOMS = Number(process.argv[2] ?? 10);
const SECONDS = Number(process.argv[3] ?? 15);
const CODECS = (process.argv[4] ?? "PCMU,opus,opus").split(",");
const TICKS_PER_SECOND = 100; // USER_HZ of every Linux that matters.

const server = spawn(process.execPath, [fileURLToPath(new URL("../dist/main.js", import.meta.url))], {
  env: {
    ...process.env,
    LEGWORK_MEDIA_TOKEN: "bench",
    LEGWORK_MEDIA_CONTROL: "127.0.0.1:0",
    LEGWORK_MEDIA_PORTS: "42000-42999",
  },
  stdio: ["ignore", "pipe", "inherit"],
});
process.on("exit", () => server.kill("SIGTERM"));
const pids = { main: server.pid };
let port = 0;
await new Promise((resolve, reject) => {
  createInterface({ input: server.stdout }).on("line", (line) => {
    const entry = JSON.parse(line);
    if (entry.msg === "media thread up") Object.assign(pids, { thread: entry.pid, worker: entry.workerPid });
    if (entry.msg !== "listening") return;
    port = entry.port;
    resolve();
  });
  server.once("exit", (code) => reject(new Error(`media-server ended with ${code}`)));
});

const socket = new WebSocket(`ws://127.0.0.1:${port}/control`);
await once(socket, "open");
const waiting = new Map();
const inForce = new Set();
socket.on("message", (data) => {
  const message = JSON.parse(String(data));
  if (message.event === "planInForce") inForce.add(message.interaction);
  waiting.get(message.reply)?.(message);
});
let nextId = 1;
const ask = (body) =>
  new Promise((resolve, reject) => {
    const id = String(nextId++);
    waiting.set(id, (m) => (m.ok ? resolve(m.result) : reject(new Error(`${body.type}: ${m.error.message}`))));
    socket.send(JSON.stringify({ id, ...body }));
  });

await ask({ type: "hello", protocol: 2, token: "bench", client: "bench" });

/** Two seconds of something like speech: a gliding tone with noise, in syllables. */
function speech(rate) {
  return Array.from({ length: 100 }, (_, f) =>
    Int16Array.from({ length: rate / 50 }, (_, n) => {
      const t = f / 50 + n / rate;
      const syllable = Math.max(0, Math.sin(2 * Math.PI * 3 * t)) ** 2;
      return Math.round(
        syllable * (6000 * Math.sin(2 * Math.PI * (180 + 60 * Math.sin(4 * t)) * t) + 1500 * (Math.random() - 0.5)),
      );
    }),
  );
}
const payloads = (rate, encoder) => speech(rate).map((frame) => encoder.encode(frame));
const PAYLOADS = {
  PCMU: payloads(8000, new WaveformEncoder("PCMU", 8000)),
  G722: payloads(16000, new WaveformEncoder("G722", 16000)),
  opus: payloads(48000, evanOpus.encoder(48000, "voice")),
};
const FORMATS = {
  PCMU: { pt: 0, map: "PCMU/8000", step: 160 },
  G722: { pt: 9, map: "G722/8000", step: 160 },
  opus: { pt: 111, map: "opus/48000/2", step: 960 },
};

async function participant(leg, interaction, codec) {
  const { pt, map, step } = FORMATS[codec];
  const udp = createSocket("udp4").bind(0, "127.0.0.1");
  await once(udp, "listening");
  let received = 0;
  udp.on("message", () => received++);
  await ask({ type: "openLeg", leg, interaction, transport: "rtp", thread: null });
  const sdp = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0", `m=audio ${udp.address().port} RTP/AVP ${pt}`, `a=rtpmap:${pt} ${map}`, ""]; // prettier-ignore
  const answer = await ask({ type: "setRemoteOffer", leg, sdp: sdp.join("\r\n") });
  const to = Number(/^m=audio (\d+)/m.exec(answer.sdp)[1]);
  const ssrc = Math.floor(Math.random() * 2 ** 32);
  const offset = Math.floor(Math.random() * 100);
  return {
    udp,
    received: () => received,
    send: (n) => {
      const payload = PAYLOADS[codec][(n + offset) % 100];
      udp.send(
        writeRtp({ payloadType: pt, marker: false, sequence: n & 0xffff, timestamp: (n * step) >>> 0, ssrc, payload }),
        to,
        "127.0.0.1",
      );
    },
  };
}

const participants = [];
for (let room = 0; room < ROOMS; room++) {
  const interaction = `room-${room}`;
  const legs = CODECS.map((_, n) => `${interaction}-${n}`);
  for (const [n, codec] of CODECS.entries()) participants.push(await participant(legs[n], interaction, codec));
  const plan = Object.fromEntries(
    legs.map((leg) => [leg, { kind: "parties", parties: legs.filter((l) => l !== leg) }]),
  );
  await ask({ type: "applyPlan", interaction, revision: 1, legs: plan });
}

let n = 0;
let next = performance.now();
const timer = setInterval(() => {
  for (; performance.now() >= next; next += 20, n++) for (const p of participants) p.send(n);
}, 5);

const cpu = () =>
  Object.fromEntries(
    Object.entries(pids).map(([name, pid]) => {
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
      return [name, (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND];
    }),
  );
await new Promise((resolve) => setTimeout(resolve, 3000)); // Until everything is compiled.
const [before, packetsBefore, began] = [cpu(), participants.map((p) => p.received()), performance.now()];
await new Promise((resolve) => setTimeout(resolve, 1000 * SECONDS));
const [after, elapsed] = [cpu(), (performance.now() - began) / 1000];
const used = Object.fromEntries(Object.keys(pids).map((name) => [name, after[name] - before[name]]));
const total = Object.values(used).reduce((a, b) => a + b, 0);
const packets = participants.reduce((sum, p, i) => sum + p.received() - packetsBefore[i], 0);
const each = (seconds) => (seconds / participants.length / elapsed).toFixed(5);
console.log(
  `CPU s per participant-second: ${each(total)} (media thread ${each(used.thread)}, mediasoup ${each(used.worker)}, main ${each(used.main)}); ` +
    `${ROOMS} rooms of ${CODECS.join("+")}, ${elapsed.toFixed(1)} s, ${(packets / participants.length / elapsed).toFixed(1)} packets/s each, ${inForce.size} plans in force`,
);
clearInterval(timer);
for (const p of participants) p.udp.close();
process.exit(0);
