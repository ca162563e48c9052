// Telephones that register and renew over a few UDP sockets, each with a digest and a fresh nonce every time, as SIP.js and many phones do.
import { createHash, randomBytes } from "node:crypto";
import dgram from "node:dgram";
import { once } from "node:events";

const SOCKETS = 20;
/** RFC 3261 section 17.1.2: T1, doubled, and the end of it. */
const FIRST_RETRY_MS = 500;
const GIVE_UP_MS = 32_000;

const md5 = (text) => createHash("md5").update(text).digest("hex");
const id = () => randomBytes(6).toString("hex");

/** Registers `count` telephones again and again for `seconds`, each every `period` seconds. Resolves with what came of it. */
export async function runPhones({ count, seconds, period, port, domain, password, expires = 120 }) {
  const result = { sent: 0, registered: 0, failed: 0, retransmitted: 0, statuses: {}, times: [] };
  const waiting = new Map();
  const sockets = await Promise.all(
    Array.from({ length: SOCKETS }, async () => {
      const socket = dgram.createSocket({ type: "udp4", recvBufferSize: 4_000_000 });
      socket.on("message", (data) => {
        const text = data.toString();
        waiting.get(/branch=(z9hG4bK\w+)/.exec(text)?.[1])?.(text);
      });
      socket.bind(0, "127.0.0.1");
      await once(socket, "listening");
      return socket;
    }),
  );
  const ask = (socket, lines) =>
    new Promise((resolve) => {
      const branch = `z9hG4bK${id()}`;
      const via = `Via: SIP/2.0/UDP 127.0.0.1:${socket.address().port};branch=${branch};rport`;
      const text = [`REGISTER sip:${domain} SIP/2.0`, via, ...lines, "Content-Length: 0", "", ""].join("\r\n");
      const began = Date.now();
      let timer;
      const done = (answer) => {
        clearTimeout(timer);
        waiting.delete(branch);
        resolve(answer);
      };
      const again = (ms) => {
        timer = setTimeout(() => {
          if (Date.now() - began > GIVE_UP_MS) return done("SIP/2.0 408 no answer");
          result.retransmitted++;
          socket.send(text, port, "127.0.0.1");
          again(Math.min(ms * 2, 4_000));
        }, ms);
      };
      waiting.set(branch, done);
      result.sent++;
      socket.send(text, port, "127.0.0.1");
      again(FIRST_RETRY_MS);
    });
  const phones = Array.from({ length: count }, (_, i) => ({ i, user: String(100_000 + i), callId: id(), cseq: 0 }));
  const register = async (phone) => {
    const socket = sockets[phone.i % SOCKETS];
    const lines = () => [
      "Max-Forwards: 70",
      `From: <sip:${phone.user}@${domain}>;tag=${phone.callId}`,
      `To: <sip:${phone.user}@${domain}>`,
      `Call-ID: ${phone.callId}`,
      `CSeq: ${++phone.cseq} REGISTER`,
      `Contact: <sip:${phone.user}@127.0.0.1:${socket.address().port}>;expires=${expires}`,
    ];
    const began = performance.now();
    let answer = await ask(socket, lines());
    const nonce = /nonce="([^"]*)"/.exec(answer)?.[1];
    if (answer.startsWith("SIP/2.0 401") && nonce) {
      const cnonce = id();
      const ha2 = md5(`REGISTER:sip:${domain}`);
      const response = md5(`${md5(`${phone.user}:${domain}:${password}`)}:${nonce}:00000001:${cnonce}:auth:${ha2}`);
      const credentials =
        `Authorization: Digest username="${phone.user}", realm="${domain}", nonce="${nonce}", uri="sip:${domain}", ` +
        `response="${response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="${cnonce}"`;
      answer = await ask(socket, [...lines(), credentials]);
    }
    const status = answer.slice(8, 11);
    result.statuses[status] = (result.statuses[status] ?? 0) + 1;
    if (status === "200") result.registered++;
    else result.failed++;
    result.times.push(performance.now() - began);
  };
  // Spread evenly: a telephone begins its next round `period` seconds after the last one began.
  const total = Math.round((count * seconds) / period);
  const start = performance.now();
  const running = new Set();
  for (let n = 0; n < total; n++) {
    const wait = start + (n * period * 1000) / count - performance.now();
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
    const one = register(phones[n % count]).finally(() => running.delete(one));
    running.add(one);
  }
  await Promise.all(running);
  for (const socket of sockets) socket.close();
  return result;
}
