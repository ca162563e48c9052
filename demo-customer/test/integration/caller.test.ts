// The demo customer on a SIP engine of its own, as the product runs it; the product is a socket that speaks SIP.
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { type ChildProcess, spawn } from "node:child_process";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import fs from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const HOST = "127.0.0.1";
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const SECRET = "secret of this test";
const TOKEN = "token of this test";

/** A SIP peer by hand: what it was told, by the first word or number of the message. */
class Peer {
  readonly heard: string[] = [];
  #n = 0;

  private constructor(
    readonly socket: Socket,
    private readonly to: number,
  ) {
    socket.on("message", (data) => this.heard.push(data.toString()));
  }

  static async open(to: number): Promise<Peer> {
    const socket = createSocket("udp4").bind(0, HOST);
    await once(socket, "listening");
    return new Peer(socket, to);
  }

  get port(): number {
    return this.socket.address().port;
  }

  /** Sends an INVITE and resolves with the first status but 100 that it is answered with. */
  async invite(): Promise<number> {
    const id = `${this.port}-${++this.#n}`;
    const sdp = `v=0\r\no=- 1 1 IN IP4 ${HOST}\r\ns=-\r\nc=IN IP4 ${HOST}\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n`;
    const lines = [
      `INVITE sip:+4721000101@${HOST}:${this.to} SIP/2.0`,
      `Via: SIP/2.0/UDP ${HOST}:${this.port};branch=z9hG4bK-${id};rport`,
      "Max-Forwards: 70",
      `From: <sip:test@${HOST}>;tag=${id}`,
      `To: <sip:+4721000101@${HOST}>`,
      `Call-ID: ${id}`,
      "CSeq: 1 INVITE",
      `Contact: <sip:test@${HOST}:${this.port}>`,
      "Content-Type: application/sdp",
      `Content-Length: ${sdp.length}`,
    ];
    this.socket.send(`${lines.join("\r\n")}\r\n\r\n${sdp}`, this.to, HOST);
    for (;;) {
      const answers = this.heard.filter((text) => text.includes(`Call-ID: ${id}\r\n`));
      const status = answers.map((text) => Number(text.split(" ")[1])).find((code) => code > 100);
      if (status !== undefined) return status;
      await once(this.socket, "message", { signal: AbortSignal.timeout(10_000) });
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A tenth of a second of silence, as the speech files are: 8 kHz, mono, 16 bits. */
function silence(): Buffer {
  const wav = Buffer.alloc(44 + 1600);
  wav.write("RIFF\0\0\0\0WAVEfmt ", "latin1");
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(8000, 24);
  wav.writeUInt32LE(16_000, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write("data", 36, "latin1");
  wav.writeUInt32LE(1600, 40);
  return wav;
}

const children: ChildProcess[] = [];
let folder: string;
let api: string;
let product: Peer;
let stranger: Peer;

function run(workspace: string, args: readonly string[], env: Readonly<Record<string, string>>): void {
  const main = path.join(ROOT, workspace, "dist/main.js");
  children.push(spawn(process.execPath, [main, ...args], { env: { ...process.env, ...env }, stdio: "ignore" }));
}

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "demo-"));
  fs.writeFileSync(path.join(folder, "customer-en.wav"), silence());
  const [sip, admin, http] = [await freePort(), await freePort(), await freePort()];
  [product, stranger] = await Promise.all([Peer.open(sip), Peer.open(sip)]);
  const secret = { LEGWORK_ENGINE_SECRET: SECRET };
  run("sip-engine", ["--sip", `udp:${HOST}:${sip}`, "--admin", `${HOST}:${admin}`], secret);
  run("demo-customer", [], {
    ...secret,
    LEGWORK_ENGINE: `${HOST}:${admin}`,
    LEGWORK_DEMO_LISTEN: `${HOST}:${http}`,
    LEGWORK_DEMO_TOKEN: TOKEN,
    LEGWORK_DEMO_ADDRESS: HOST,
    LEGWORK_TARGET: `sip:${HOST}:${product.port}`,
    LEGWORK_SPEECH_DIR: folder,
  });
  api = `http://${HOST}:${http}`;
  const isUp = async (): Promise<boolean> => (await fetch(`${api}/health`).catch(() => null))?.ok === true;
  while (!(await isUp())) await delay(50);
}, 60_000);

afterAll(async () => {
  for (const child of children) {
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }
  for (const peer of [product, stranger]) peer?.socket.close();
  fs.rmSync(folder, { recursive: true });
});

/** Asks for a call, as sip-proxy does; resolves with the status. */
async function ask(token: string): Promise<number> {
  const headers = { Authorization: `Bearer ${token}` };
  const body = JSON.stringify({ number: "+4780010001" });
  return (await fetch(`${api}/call`, { method: "POST", headers, body })).status;
}

it("[DF-4] answers the product alone, and five calls at a time, counted from their INVITE", async () => {
  expect(await stranger.invite()).toBe(403);
  expect(await Promise.all(Array.from({ length: 7 }, () => product.invite()))).toEqual([
    ...new Array<number>(5).fill(180),
    486,
    486,
  ]);
  expect(await ask("another token")).toBe(401);
  expect(await ask(TOKEN)).toBe(429);
}, 60_000);
