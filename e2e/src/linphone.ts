import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { waitFor } from "./clock.js";
import { RealPhone, type RealPhoneOptions } from "./real-phone.js";

const PROMPT = "linphonec>";
const ASK_MS = 200;
const START_MS = 30_000; // it looks for sound cards and opens a database

/** Linphone's console program, driven by typing into it. */
export class Linphone extends RealPhone {
  #child!: ChildProcess;
  /** All that it has printed. */
  #printed = "";

  private constructor(options: RealPhoneOptions) {
    super(options);
  }

  /** Starts the program; it registers by itself. */
  static async start(options: RealPhoneOptions): Promise<Linphone> {
    const phone = new Linphone(options);
    return phone.begin(() => phone.#begin());
  }

  async #begin(): Promise<void> {
    fs.writeFileSync(this.file("rc"), this.#configuration());
    fs.mkdirSync(this.file(".local/share/linphone"), { recursive: true });
    this.#child = spawn("linphonec", ["-c", this.file("rc")], {
      env: { ...process.env, HOME: this.folder, PULSE_RUNTIME_PATH: this.folder }, // it looks for a sound server
      stdio: ["pipe", "pipe", "ignore"],
    });
    this.#child.stdout!.on("data", (data: Buffer) => (this.#printed += data.toString()));
    this.#child.stdin!.on("error", () => undefined); // it quits before we do
    await this.#prints(PROMPT, 0, START_MS);
    await this.command("soundcard use files");
    const codecs = await this.command("codec list");
    for (const [, index, name] of codecs.matchAll(/^\s*(\d+): (\S+) \(\d+\) enabled/gm)) {
      if (name !== (this.options.codec ?? "PCMU")) await this.command(`codec disable ${index}`);
    }
    await this.command(`play ${this.file("voice.wav")}`);
    await this.command(`record ${this.recording}`);
  }

  async isRegistered(): Promise<void> {
    await this.#answers("status register", "registered, identity");
  }

  /** What it played, as it wrote it down itself. */
  get recording(): string {
    return this.file("heard.wav");
  }

  async rings(): Promise<void> {
    await this.#answers("calls", "IncomingReceived");
  }

  async accept(): Promise<void> {
    await this.rings();
    await this.command("answer");
  }

  async reject(): Promise<void> {
    await this.rings();
    await this.command("terminate");
  }

  async dial(user: string): Promise<void> {
    await this.command(`call sip:${user}@${this.options.account.domain}`);
  }

  async hold(): Promise<void> {
    await this.command("pause");
  }

  async resume(line?: number): Promise<void> {
    await this.command(`resume ${line === undefined ? "" : await this.#id(line)}`);
  }

  async sendDigits(digits: string): Promise<void> {
    await this.command(digits);
  }

  async transfer(user: string): Promise<void> {
    await this.command(`transfer sip:${user}@${this.options.account.domain}`);
  }

  async transferLines(): Promise<void> {
    await this.command(`transfer ${await this.#id(1)} --to-call ${await this.#id(2)}`);
  }

  /** Its conference key, with two lines up: it calls the conference URI and refers them to what answers (RFC 4579). */
  async conference(): Promise<void> {
    const [one, two] = [await this.#id(1), await this.#id(2)];
    await this.command(`conference add ${one}`);
    await this.#answers("calls", "StreamsRunning  | conferencing"); // it goes down when it is asked for more before
    await this.command(`conference add ${two}`);
  }

  async hangUp(line?: number): Promise<void> {
    await this.command(`terminate ${line === undefined ? "all" : await this.#id(line)}`);
  }

  /** Types a command; resolves with what it prints until it asks for the next. */
  async command(text: string): Promise<string> {
    const from = this.#printed.length;
    this.#child.stdin!.write(`${text}\n`);
    await this.#prints(PROMPT, from);
    return this.#printed.slice(from);
  }

  async stop(): Promise<void> {
    this.#child?.stdin!.write("terminate all\nquit\n");
    await this.bury(this.#child);
  }

  /** Its own number of a line: it counts all the calls it ever had. */
  async #id(line: number): Promise<string> {
    const ids = [...(await this.command("calls")).matchAll(/^(\d+) +\|/gm)].map(([, id]) => id!);
    const id = ids[line - 1];
    if (id === undefined) throw new Error(`${this.name} has ${ids.length} lines, no line ${line}`);
    return id;
  }

  /** Asks until the answer has it; not too often, as it neither reads SIP nor rings while it prints. */
  async #answers(command: string, what: string): Promise<void> {
    await waitFor(async () => {
      const answer = await this.command(command);
      if (answer.includes(what)) return undefined;
      await delay(ASK_MS);
      return `${this.name}: ${answer}`;
    }, START_MS);
  }

  async #prints(what: string | RegExp, from = 0, withinMs = 10_000): Promise<void> {
    await waitFor(() => {
      const text = this.#printed.slice(from);
      const found = typeof what === "string" ? text.includes(what) : what.test(text);
      return found ? undefined : `${this.name} did not print ${String(what)} but ${text.slice(-500)}`;
    }, withinMs);
  }

  #configuration(): string {
    const { account, ports, registrar, transport } = this.options;
    const server = `<sip:127.0.0.1:${registrar};transport=${transport}>`;
    return [
      "[sip]",
      `sip_port=${ports.sip}`,
      `sip_tcp_port=${ports.sip}`,
      "guess_hostname=0",
      `contact=sip:${account.user}@127.0.0.1:${ports.sip}`,
      "register_only_when_network_is_up=0",
      "auto_net_state_mon=0", // a private network leads nowhere, which it would take for no network
      "default_proxy=0",
      "use_ipv6=0",
      "[auth_info_0]",
      `username=${account.user}`,
      `realm=${account.domain}`,
      `passwd=${account.password}`,
      "[proxy_0]",
      `reg_proxy=${server}`,
      `reg_route=${server.replace(">", ";lr>")}`,
      `reg_identity=sip:${account.user}@${account.domain}`,
      "reg_expires=60",
      "reg_sendregister=1",
      `conference_factory_uri=sip:conference@${account.domain}`, // both, or its conference key hangs it
      `audio_video_conference_factory_uri=sip:conference@${account.domain}`,
      "[misc]",
      "conference_type=remote",
      "[rtp]",
      `audio_rtp_port=${ports.rtp.join("-")}`,
      "[net]",
      "mtu=1300",
      "dns_srv_enabled=0",
      "[sound]",
      "echocancellation=0",
      "[video]",
      "enabled=0",
      "",
    ].join("\n");
  }
}
