import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import { once } from "node:events";
import { stripVTControlCharacters } from "node:util";
import { waitFor } from "./clock.js";
import { RealPhone, type RealPhoneOptions } from "./real-phone.js";
import { header, statusOf, tagOf } from "./sip-text.js";

const MODULES = "/usr/lib/baresip/modules";

/** As its accounts name them. */
const CODECS = { PCMU: "PCMU/8000/1", PCMA: "PCMA/8000/1", G722: "G722/16000/1", opus: "opus/48000/2" } as const;

/** Baresip, driven over its control socket (module ctrl_tcp: JSON in netstrings). */
export class Baresip extends RealPhone {
  /** Types of the events it told, in order: "CALL_INCOMING", "CALL_CLOSED" and the like. */
  readonly #events: string[] = [];
  #child: ChildProcess | undefined;
  #control!: net.Socket;
  #pending = Buffer.alloc(0);
  #token = 0;
  readonly #answers = new Map<string, (data: string) => void>();

  private constructor(options: RealPhoneOptions) {
    super(options);
  }

  /** Starts the program; it registers by itself. */
  static async start(options: RealPhoneOptions): Promise<Baresip> {
    const phone = new Baresip(options);
    return phone.begin(async () => {
      phone.#configure();
      const child = spawn("baresip", ["-f", phone.folder], {
        env: { ...process.env, PULSE_RUNTIME_PATH: phone.folder },
        stdio: "ignore",
      });
      child.on("error", () => undefined); // without a process there is no control socket
      phone.#child = child;
      await waitFor(async () => ((await phone.#connect()) ? undefined : `${phone.name} has no control socket`));
    });
  }

  async isRegistered(): Promise<void> {
    await waitFor(async () =>
      /\bOK\b/.test(await this.command("reginfo")) ? undefined : `${this.name}: not registered`,
    );
  }

  /** What it has decoded of each call so far, as it wrote it down itself; only with G.722. */
  get recordings(): readonly string[] {
    return fs
      .readdirSync(this.folder)
      .filter((name) => name.endsWith("-dec.wav"))
      .sort()
      .map((name) => this.file(name));
  }

  async rings(): Promise<void> {
    await waitFor(() => {
      const last = this.#events.filter((type) => type === "CALL_INCOMING" || type === "CALL_CLOSED").at(-1);
      return last === "CALL_INCOMING" ? undefined : `${this.name} does not ring`;
    });
  }

  async accept(): Promise<void> {
    await this.rings();
    await this.command("accept");
  }

  async reject(): Promise<void> {
    await this.rings();
    await this.command("hangup");
  }

  async dial(user: string): Promise<void> {
    await this.command("dial", `sip:${user}@${this.options.account.domain}`);
  }

  async hold(line?: number): Promise<void> {
    await this.#onLine(line, "hold");
  }

  async resume(line?: number): Promise<void> {
    await this.#onLine(line, "resume");
  }

  async sendDigits(digits: string): Promise<void> {
    for (const digit of digits) await this.command("sndcode", digit);
  }

  async transfer(user: string): Promise<void> {
    await this.command("transfer", `sip:${user}@${this.options.account.domain}`);
  }

  /** Baresip 1.0 has no key for it: a REFER of line 1 that names the dialog of the last answered INVITE of its own. */
  async transferLines(): Promise<void> {
    const { message } = this.wire.sip
      .filter((m) => !m.sent && statusOf(m.message) === 200 && / INVITE$/.test(header(m.message, "cseq")))
      .at(-1)!;
    const [callId, to, from] = [header(message, "call-id"), header(message, "to"), header(message, "from")];
    const replaces = `${callId};to-tag=${tagOf(to)};from-tag=${tagOf(from)}`;
    const target = /<([^>]*)>/.exec(to)![1]!;
    await this.#onLine(1, "transfer", `${target}?Replaces=${encodeURIComponent(replaces)}`);
  }

  async hangUp(line?: number): Promise<void> {
    if (line !== undefined) return this.#onLine(line, "hangup");
    const lines = await this.command("listcalls");
    for (const [, number] of lines.matchAll(/\[line (\d+)\]/g)) await this.#onLine(Number(number), "hangup");
  }

  /** Runs a command of its menu; resolves with what it prints, without colours. */
  async command(command: string, params = ""): Promise<string> {
    const token = String((this.#token += 1));
    const text = JSON.stringify({ command, params, token });
    const answer = new Promise<string>((resolve) => this.#answers.set(token, resolve));
    this.#control.write(`${Buffer.byteLength(text)}:${text},`);
    return answer;
  }

  async stop(): Promise<void> {
    this.#control?.write('29:{"command":"quit","token":"q"},');
    await this.bury(this.#child);
    this.#control?.destroy();
  }

  async #onLine(line: number | undefined, command: string, params = ""): Promise<void> {
    if (line !== undefined) await this.command("line", String(line));
    await this.command(command, params);
  }

  get #controlPort(): number {
    return this.options.ports.sip + 5; // its SIP takes the next port, too
  }

  #configure(): void {
    const { account, codec = "PCMU", ports, registrar, transport } = this.options;
    fs.writeFileSync(
      this.file("config"),
      [
        `sip_listen 127.0.0.1:${ports.sip}`,
        "net_interface 127.0.0.1",
        "call_local_timeout 120",
        "call_max_calls 4",
        "audio_buffer 20-160",
        `rtp_ports ${ports.rtp.join("-")}`,
        `audio_source aufile,${this.file("voice.wav")}`,
        "ausrc_srate 8000", // that file's
        `audio_player aubridge,ear-${account.user}`, // silent, and needs no sound card
        `audio_alert aubridge,alert-${account.user}`,
        `module_path ${MODULES}`,
        ...["g711", "opus", "aufile", "aubridge"].map((name) => `module ${name}.so`),
        ...(codec === "G722" ? ["module g722.so", "module sndfile.so", `snd_path ${this.folder}`] : []),
        ...["uuid", "account"].map((name) => `module_tmp ${name}.so`),
        ...["menu", "ctrl_tcp"].map((name) => `module_app ${name}.so`),
        `ctrl_tcp_listen 127.0.0.1:${this.#controlPort}`,
        "ring_aufile none",
        "",
      ].join("\n"),
    );
    fs.writeFileSync(
      this.file("accounts"),
      `<sip:${account.user}@${account.domain}>;auth_user=${account.user};auth_pass=${account.password};` +
        `outbound="sip:127.0.0.1:${registrar};transport=${transport}";regint=60;` +
        `audio_codecs=${CODECS[codec]};` +
        "answermode=manual;ptime=20\n",
    );
    fs.writeFileSync(this.file("contacts"), "");
  }

  async #connect(): Promise<boolean> {
    const socket = net.connect(this.#controlPort, "127.0.0.1");
    try {
      await once(socket, "connect");
    } catch {
      return false; // not listening yet
    }
    socket.on("data", (data) => this.#read(data));
    socket.on("error", () => undefined); // it quits before we do
    this.#control = socket;
    return true;
  }

  #read(data: Buffer): void {
    this.#pending = Buffer.concat([this.#pending, data]);
    for (;;) {
      const colon = this.#pending.indexOf(":");
      const end = colon + 1 + Number(this.#pending.toString("latin1", 0, Math.max(0, colon)));
      if (colon < 0 || this.#pending.length < end + 1) return;
      const said = JSON.parse(this.#pending.toString("utf8", colon + 1, end)) as Record<string, string>;
      this.#pending = this.#pending.subarray(end + 1);
      if (said["event"]) this.#events.push(said["type"]!);
      else this.#answers.get(said["token"]!)?.(stripVTControlCharacters(said["data"] ?? ""));
    }
  }
}
