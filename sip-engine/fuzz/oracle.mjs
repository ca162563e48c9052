import { createSocket } from "node:dgram";
import { once } from "node:events";
import { request } from "./grammar.mjs";

const PROBE_MS = 10_000;
const REPEAT_MS = 500;

/** Watches the engine: it lives, is healthy, has no internal error, and serves a correct peer as if nothing were wrong. */
export class Oracle {
  probes = 0;
  #engine;
  #chance;
  #socket = createSocket("udp4");
  #waiting = new Map();

  constructor(engine, chance) {
    this.#engine = engine;
    this.#chance = chance;
    this.#socket.on("message", (data) => {
      const text = data.toString("latin1");
      const key = `${/^Call-ID: (.+)\r$/im.exec(text)?.[1]} ${/^CSeq: (.+)\r$/im.exec(text)?.[1]}`;
      if (!text.startsWith("SIP/2.0 1")) this.#waiting.get(key)?.(text);
    });
  }

  async open() {
    this.#socket.bind(0, "127.0.0.1");
    await once(this.#socket, "listening");
  }

  close() {
    this.#socket.close();
  }

  /** What is wrong, or null. */
  async fault() {
    if (!this.#engine.running) return `the engine ended\n${this.#engine.lines.slice(-20).join("\n")}`;
    const errors = this.#engine.lines.filter((line) => /"level":[56]0|UnhandledPromise|Uncaught|Warning:/.test(line));
    if (errors.length > 0) return `the engine logged: ${errors[0]}`;
    try {
      const health = await this.#engine.get("/health");
      if (health.ok !== true) return `unhealthy: ${JSON.stringify(health)}`;
      if (/^internal_errors_total/m.test(await this.#engine.get("/metrics"))) return "internal errors were counted";
      await this.#options();
      await this.#call();
    } catch (error) {
      return `a correct peer was not served: ${error.message}`;
    }
    this.probes++;
    return null;
  }

  async #options() {
    const { text } = await this.#transaction("OPTIONS", this.#newCall());
    if (!text.startsWith("SIP/2.0 200")) throw new Error(`OPTIONS: ${text.split("\r\n")[0]}`);
  }

  async #call() {
    const call = this.#newCall();
    const { text } = await this.#transaction("INVITE", call);
    if (!text.startsWith("SIP/2.0 200")) throw new Error(`INVITE: ${text.split("\r\n")[0]}`);
    const to = /^To: (.+)\r$/im.exec(text)?.[1];
    this.#send(request(this.#chance, "ACK", { ...call, to, branch: `z9hG4bK${this.#chance.token(16)}` }));
    const bye = await this.#transaction("BYE", { ...call, to, cseq: 2 });
    if (!bye.text.startsWith("SIP/2.0 200")) throw new Error(`BYE: ${bye.text.split("\r\n")[0]}`);
  }

  #newCall() {
    const at = `127.0.0.1:${this.#socket.address().port}`;
    const id = this.#chance.token(16);
    return { id, tag: this.#chance.token(), user: "probe", via: `UDP ${at}`, contact: at, cseq: 1 };
  }

  /** A request, repeated like RFC 3261 17.1 has it, and its final response. */
  #transaction(method, call) {
    const text = request(this.#chance, method, { ...call, branch: `z9hG4bK${this.#chance.token(16)}` });
    const key = `${call.id} ${call.cseq} ${method}`;
    return new Promise((resolve, reject) => {
      const again = setInterval(() => this.#send(text), REPEAT_MS);
      const finish = (settle, value) => {
        clearInterval(again);
        clearTimeout(limit);
        this.#waiting.delete(key);
        settle(value);
      };
      const limit = setTimeout(() => finish(reject, new Error(`${method}: no answer`)), PROBE_MS);
      this.#waiting.set(key, (answer) => finish(resolve, { text: answer }));
      this.#send(text);
    });
  }

  #send(text) {
    this.#socket.send(Buffer.from(text, "latin1"), this.#engine.ports.udp, "127.0.0.1");
  }
}
