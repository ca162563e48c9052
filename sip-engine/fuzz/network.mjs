import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect } from "node:net";
import { WebSocket } from "ws";
import { METHODS, extraHeaders, request, response } from "./grammar.mjs";
import { mutate } from "./mutate.mjs";
import { anyMessage } from "./parser.mjs";

/** Calls the fuzzer remembers, to come back to them. */
const REMEMBERED = 60;
/** How often, and in which intervals, an INVITE is refused that gets no ACK: one that was answered with 2xx gets none. */
const REFUSALS = 6;
const REFUSED_EVERY_MS = 500;
const STATUSES = [100, 180, 183, 199, 200, 202, 302, 401, 407, 408, 481, 486, 487, 500, 503, 603, 699];

/**
 * A peer that talks SIP to the engine over UDP, TCP and WebSocket and does what no peer should: broken messages, and
 * correct ones in the wrong order.
 */
export class BadPeer {
  sent = 0;
  #chance;
  #ports;
  #record;
  #longest;
  #udp = createSocket("udp4");
  #streams = {};
  #calls = [];
  /** Requests of the engine that no ACK has followed, by branch. */
  #invites = new Map();
  #polite = false;

  /**
   * @param record is told everything that goes out
   * @param longest message it sends, bytes
   */
  constructor(chance, ports, record, longest) {
    this.#longest = longest;
    this.#chance = chance;
    this.#ports = ports;
    this.#record = record;
    this.#udp.on("message", (data) => this.#received(data.toString("latin1"), "udp"));
  }

  async open() {
    this.#udp.bind(0, "127.0.0.1");
    await once(this.#udp, "listening");
    return this.#udp.address().port;
  }

  close() {
    this.#udp.close();
    this.#streams.tcp?.destroy();
    this.#streams.ws?.terminate();
  }

  /** One more thing that the engine has to live through. */
  async act() {
    const chance = this.#chance;
    const over = chance.pick(["udp", "udp", "udp", "tcp", "ws"]);
    if (chance.oneIn(3)) return this.#send(over, anyMessage(chance));
    return this.#send(over, this.#nextInSomeCall(over));
  }

  /** A message of a call: a new one, or anything at all for one that is remembered. */
  #nextInSomeCall(over) {
    const chance = this.#chance;
    const call = this.#calls.length > 5 && !chance.oneIn(4) ? chance.pick(this.#calls) : this.#newCall(over);
    const method = call.begun ? chance.pick([...METHODS, "INVITE", "CANCEL", "ACK", "BYE", "PRACK"]) : "INVITE";
    call.begun = true;
    const sameTransaction = method === "CANCEL" || method === "ACK" ? !chance.oneIn(3) : chance.oneIn(4);
    if (!sameTransaction) call.branch = `z9hG4bK${chance.token()}`;
    if (!sameTransaction && !chance.oneIn(5)) call.cseq += 1;
    const extra = method === "PRACK" ? [`RAck: ${call.rseq ?? 1} ${call.cseq} INVITE`] : extraHeaders(chance);
    const to = chance.oneIn(4) ? undefined : call.to;
    const text = request(chance, method, { ...call, to, extra });
    return chance.oneIn(8) ? mutate(chance, text) : text;
  }

  #newCall(over) {
    const chance = this.#chance;
    const { port } = this.#udp.address();
    const via = over === "udp" ? `UDP 127.0.0.1:${port}` : `${over.toUpperCase()} fuzz.invalid`;
    const contact = over === "udp" ? `127.0.0.1:${port}` : `fuzz.invalid;transport=${over}`;
    const call = {
      id: chance.token(),
      tag: chance.token(4),
      branch: `z9hG4bK${chance.token()}`,
      cseq: 1,
      via,
      contact,
    };
    this.#calls.push(call);
    if (this.#calls.length > REMEMBERED) this.#calls.shift();
    return call;
  }

  #received(text, over) {
    const id = /^Call-ID: (.+)\r$/im.exec(text)?.[1];
    if (text.startsWith("SIP/2.0 ")) {
      const call = this.#calls.find((one) => one.id === id);
      if (call === undefined) return;
      call.to = /^To: (.+)\r$/im.exec(text)?.[1] ?? call.to;
      call.rseq = /^RSeq: (\d+)/im.exec(text)?.[1] ?? call.rseq;
      return;
    }
    if (text.startsWith("INVITE ")) this.#invites.set(branchOf(text), { text, over });
    if (text.startsWith("ACK ")) this.#invites.delete(branchOf(text));
    if (this.#polite) return this.#answerRightly(text, over);
    for (let n = this.#chance.below(3); n > 0; n--) this.#answer(text, over);
  }

  /**
   * From now on a correct peer: every request is answered, and what still rings refused, slowly enough for UDP, and again as
   * long as no ACK says that the refusal has arrived (RFC 3261 17.2.1).
   */
  async settle() {
    this.#polite = true;
    for (let round = 0; round < REFUSALS; round++) {
      for (const [i, { text, over }] of [...this.#invites.values()].entries()) {
        this.#answerRightly(text, over);
        if (i % 20 === 19) await new Promise((resolve) => setTimeout(resolve, 10));
      }
      await new Promise((resolve) => setTimeout(resolve, REFUSED_EVERY_MS));
    }
  }

  #answerRightly(text, over) {
    if (text.startsWith("ACK ")) return;
    const status = text.startsWith("INVITE ") ? 480 : 200;
    void this.#send(over, response(text, status, { toTag: "settled" }));
  }

  /** Answers a request of the engine: rightly, wrongly, twice, or not at all. */
  #answer(text, over) {
    const chance = this.#chance;
    const { port } = this.#udp.address();
    const extra = [`Contact: <sip:callee@127.0.0.1:${port}>`, ...extraHeaders(chance)];
    const options = { toTag: chance.pick(["one", "two", chance.token(4)]), extra };
    const reply = response(text, chance.pick([200, 200, ...STATUSES]), options);
    void this.#send(over, chance.oneIn(3) ? mutate(chance, reply) : reply);
  }

  async #send(over, text) {
    if (text.length > this.#longest) return;
    this.sent++;
    this.#record({ target: over, octets: text });
    const octets = Buffer.from(text, "latin1");
    if (over === "udp") {
      if (octets.length < 65_000) this.#udp.send(octets, this.#ports.udp, "127.0.0.1");
    } else if (over === "tcp") (await this.#tcp()).write(octets);
    else {
      const socket = await this.#ws();
      if (socket.readyState === WebSocket.OPEN) socket.send(octets, { binary: this.#chance.oneIn(2) }, () => undefined);
    }
  }

  async #tcp() {
    const known = this.#streams.tcp;
    if (known?.writable && !this.#chance.oneIn(200)) return known;
    known?.destroy();
    const socket = connect(this.#ports.tcp, "127.0.0.1");
    this.#streams.tcp = socket;
    socket.on("error", () => undefined);
    socket.on("data", (data) => this.#received(data.toString("latin1"), "tcp"));
    return socket;
  }

  async #ws() {
    const known = this.#streams.ws;
    if (known?.readyState === WebSocket.OPEN && !this.#chance.oneIn(200)) return known;
    known?.terminate();
    const socket = new WebSocket(`ws://127.0.0.1:${this.#ports.ws}`, "sip");
    this.#streams.ws = socket;
    socket.on("error", () => undefined);
    socket.on("message", (data) => this.#received(data.toString("latin1"), "ws"));
    await new Promise((resolve) => socket.once("open", resolve).once("close", resolve));
    return socket;
  }
}

const branchOf = (text) => /^Via: .*;branch=([^;,\s]+)/im.exec(text)?.[1];
