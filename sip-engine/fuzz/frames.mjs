import { connect } from "node:net";
import { METHODS, extraHeaders, request, response } from "./grammar.mjs";
import { mutate } from "./mutate.mjs";

/** Verbs a bad app may ask for: not those the probes need. */
const VERBS = ["message", "info", "notify", "publish", "update", "cdr:start", "cdr:stop", "", "x".repeat(3000), "*"];
const REMEMBERED = 50;

/** An app that breaks the drachtio protocol: before it has authenticated, and after. */
export class BadApp {
  sent = 0;
  #chance;
  #port;
  #secret;
  #record;
  #peerPort;
  #socket = null;
  #ids = ["nothing"];
  #dialogs = ["nothing"];

  constructor(chance, port, secret, peerPort, record) {
    this.#chance = chance;
    this.#port = port;
    this.#secret = secret;
    this.#peerPort = peerPort;
    this.#record = record;
  }

  close() {
    this.#socket?.destroy();
  }

  act() {
    const socket = this.#connected();
    const bytes = this.#frame();
    this.sent++;
    this.#record({ target: "frames", octets: bytes });
    socket.write(bytes, "latin1");
  }

  #connected() {
    if (this.#socket?.writable && !this.#chance.oneIn(300)) return this.#socket;
    this.#socket?.destroy();
    const socket = connect(this.#port, "127.0.0.1");
    this.#socket = socket;
    socket.setEncoding("latin1");
    socket.on("error", () => undefined);
    socket.on("data", (text) => this.#learn(text));
    if (!this.#chance.oneIn(4)) socket.write(this.#framed(`m0|authenticate|${this.#secret}|`));
    return socket;
  }

  /** Keeps ids of transactions and dialogs the engine mentions. */
  #learn(text) {
    for (const [, transaction, dialog] of text.matchAll(/\|\d\d:\d\d:\d\d\.\d+\|([^|]*)\|([^|]*)\|/g)) {
      this.#ids = [transaction, ...this.#ids].slice(0, REMEMBERED);
      this.#dialogs = [dialog, ...this.#dialogs].slice(0, REMEMBERED);
    }
  }

  #framed(payload) {
    return `${payload.length}#${payload}`;
  }

  #frame() {
    const chance = this.#chance;
    const payload = this.#payload();
    // A broken frame closes the connection, so most are whole.
    if (!chance.oneIn(40)) return this.#framed(payload);
    return chance.pick([
      () => `${payload.length + chance.below(50)}#${payload}`,
      () => `${chance.pick(["", "-1", "0", "99999999", "1x", "#"])}#${payload}`,
      () => chance.octets(30),
      () => this.#framed(mutate(chance, payload)),
    ])();
  }

  #payload() {
    const chance = this.#chance;
    const id = chance.token(6);
    const transaction = chance.pick(this.#ids);
    const sip = (text) => (chance.oneIn(4) ? mutate(chance, text) : text);
    const ask = () => sip(this.#request());
    return chance.pick([
      () => `${id}|route|${chance.pick(VERBS)}`,
      () => `${id}|remove_route|${chance.pick(VERBS)}`,
      () => `${id}|ping`,
      () => `${id}|sip||\r\n${ask()}`,
      () => `${id}|sip||\r\n${ask()}`,
      () => `${id}|sip|||sip:127.0.0.1:${this.#peerPort}\r\n${ask()}`,
      () => `${id}|sip||${chance.pick(this.#dialogs)}\r\n${ask()}`,
      () => `${id}|sip|${transaction}|\r\n${ask()}`,
      () => `${id}|sip|${transaction}|\r\n${sip(this.#response())}`,
      () => `${id}|sip|${transaction}|\r\n${sip(this.#response())}`,
      () =>
        `${id}|proxy|${transaction}|remainInDialog|fullResponse|followRedirects|simultaneous|1s|2s|${this.#uri()}|${this.#uri()}\r\n${ask()}`,
      () => `${id}|sip`,
      () => (chance.oneIn(20) ? `${id}|${chance.token()}` : `${id}|ping`),
    ])();
  }

  #uri() {
    return this.#chance.pick([
      `sip:a@127.0.0.1:${this.#peerPort}`,
      "sip:b@127.0.0.1:9;transport=tcp",
      "x",
      "tel:1",
      "",
    ]);
  }

  #request() {
    const method = this.#chance.pick(METHODS);
    const extra = extraHeaders(this.#chance);
    return request(this.#chance, method, { extra }).replace(
      "service@127.0.0.1 SIP",
      `a@127.0.0.1:${this.#peerPort} SIP`,
    );
  }

  #response() {
    const status = this.#chance.pick([100, 180, 183, 200, 302, 401, 486, 699]);
    return response("\r\n\r\n", status, { toTag: "x", extra: extraHeaders(this.#chance) });
  }
}
