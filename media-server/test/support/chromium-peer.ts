import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { chromium, type Browser, type Page } from "playwright-core";

const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
  "--disable-sync", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", "--autoplay-policy=no-user-gesture-required",
]; // prettier-ignore

/** Real Chromium, its microphone replaced by a tone, with the offers and answers that SIP.js makes: whole, after gathering. */
export class Chromium {
  readonly #browser: Browser;
  readonly #server: Server;

  private constructor(browser: Browser, server: Server) {
    this.#browser = browser;
    this.#server = server;
  }

  static async launch(): Promise<Chromium> {
    // A secure context, which getUserMedia asks for: http://127.0.0.1 is one.
    const server = createServer((_, response) =>
      response.setHeader("content-type", "text/html").end("<!doctype html>"),
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
    return new Chromium(await chromium.launch({ executablePath, headless: true, args: FLAGS }), server);
  }

  /** `codec`: the only one that it speaks, by its media type; all when not given. */
  async peer(hz: number, codec?: string): Promise<ChromiumPeer> {
    const page = await (await this.#browser.newContext()).newPage();
    await page.goto(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`);
    await page.evaluate(PAGE_SCRIPT);
    await page.evaluate(([f, c]) => (globalThis as unknown as PageApi).start(f, c), [hz, codec] as const);
    return new ChromiumPeer(page);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#server.close();
  }
}

interface PageApi {
  start(hz: number, codec: string | undefined): Promise<void>;
  describe(type: "offer" | "answer", direction: string): Promise<string>;
  take(type: "offer" | "answer", sdp: string): Promise<void>;
  levels(frequencies: number[]): Promise<Record<string, number>>;
  press(digits: string): void;
  stop(): void;
}

export class ChromiumPeer {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  offer(direction = "sendrecv"): Promise<string> {
    return this.#page.evaluate((d) => (globalThis as unknown as PageApi).describe("offer", d), direction);
  }

  accept(sdp: string): Promise<void> {
    return this.#page.evaluate((s) => (globalThis as unknown as PageApi).take("answer", s), sdp);
  }

  async answer(sdp: string): Promise<string> {
    await this.#page.evaluate((s) => (globalThis as unknown as PageApi).take("offer", s), sdp);
    return this.#page.evaluate(() => (globalThis as unknown as PageApi).describe("answer", "sendrecv"));
  }

  async press(digits: string): Promise<void> {
    await this.#page.evaluate((d) => (globalThis as unknown as PageApi).press(d), digits);
  }

  /** Waits until these tones are heard, and those are not. */
  async hears(wanted: readonly number[], unwanted: readonly number[] = []): Promise<void> {
    let levels: Record<string, number> = {};
    for (let attempt = 0; attempt < 12; attempt++) {
      levels = await this.#page.evaluate((f) => (globalThis as unknown as PageApi).levels(f), [...wanted, ...unwanted]);
      if (wanted.every((hz) => levels[hz]! > -20) && unwanted.every((hz) => levels[hz]! < -50)) return;
    }
    throw new Error(`wanted ${wanted.join()} and not ${unwanted.join()}, heard ${JSON.stringify(levels)}`);
  }

  async close(): Promise<void> {
    await this.#page.evaluate(() => (globalThis as unknown as PageApi).stop());
    await this.#page.close();
  }
}

/** Runs in the page. */
const PAGE_SCRIPT = `
globalThis.start = async (hz, codec) => {
  globalThis.ctx = new AudioContext({ sampleRate: 48000 });
  await ctx.resume();
  const oscillator = new OscillatorNode(ctx, { frequency: hz });
  const gain = new GainNode(ctx, { gain: 0.25 });
  const out = new MediaStreamAudioDestinationNode(ctx, { channelCount: 1 });
  oscillator.connect(gain).connect(out);
  oscillator.start();
  await navigator.mediaDevices.getUserMedia({ audio: true }); // Real addresses in the candidates.
  globalThis.pc = new RTCPeerConnection();
  pc.ontrack = ({ track }) => {
    const stream = new MediaStream([track]);
    const element = new Audio();
    element.srcObject = stream; element.muted = true; void element.play();
    globalThis.element = element;
    globalThis.analyser = new AnalyserNode(ctx, { fftSize: 8192, smoothingTimeConstant: 0 });
    ctx.createMediaStreamSource(stream).connect(analyser);
  };
  globalThis.sender = pc.addTrack(out.stream.getAudioTracks()[0], out.stream);
  if (codec) pc.getTransceivers()[0].setCodecPreferences(
    RTCRtpSender.getCapabilities("audio").codecs.filter(({ mimeType }) => mimeType === codec || mimeType === "audio/telephone-event"));
};
globalThis.describe = async (type, direction) => {
  for (const t of pc.getTransceivers()) t.direction = direction;
  await pc.setLocalDescription(type === "offer" ? await pc.createOffer() : await pc.createAnswer());
  if (pc.iceGatheringState !== "complete")
    await new Promise((resolve) => pc.addEventListener("icegatheringstatechange", () => pc.iceGatheringState === "complete" && resolve()));
  return pc.localDescription.sdp;
};
globalThis.take = (type, sdp) => pc.setRemoteDescription({ type, sdp });
globalThis.levels = async (frequencies) => {
  const buffer = new Float32Array(8192);
  const clock = new ConstantSourceNode(ctx, { offset: 0 }); // It ends by the clock of the sound: all in the buffer is new then.
  clock.connect(ctx.destination);
  clock.start();
  clock.stop(ctx.currentTime + 2 * buffer.length / ctx.sampleRate);
  await new Promise((resolve) => clock.addEventListener("ended", resolve));
  if (!globalThis.analyser) return Object.fromEntries(frequencies.map((f) => [f, -200]));
  analyser.getFloatTimeDomainData(buffer);
  return Object.fromEntries(frequencies.map((f) => {
    const w = 2 * Math.PI * f / 48000; let re = 0, im = 0;
    buffer.forEach((v, n) => { const h = v * (0.5 - 0.5 * Math.cos(2 * Math.PI * n / 8191)); re += h * Math.cos(w * n); im += h * Math.sin(w * n); });
    return [f, 10 * Math.log10((re * re + im * im) * 16 / 8192 ** 2 + 1e-12)];
  }));
};
globalThis.press = (digits) => sender.dtmf.insertDTMF(digits, 100, 80);
globalThis.stop = () => { pc.close(); void ctx.close(); };
`;
