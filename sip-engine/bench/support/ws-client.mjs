import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { WebSocket } from "ws";

const md5 = (text) => createHash("md5").update(text).digest("hex");
const token = () => randomBytes(8).toString("hex");
const PATIENCE_MS = 30_000;

const SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n";

/** One browser: a WebSocket that can register and call. Takes of a response only what it needs. */
export class WsClient {
  #socket;
  #user;
  #waiting = new Map();

  constructor(socket, user) {
    this.#socket = socket;
    this.#user = user;
    socket.on("message", (data) => this.#received(data.toString("latin1")));
  }

  static async open(port, user) {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`, "sip", { perMessageDeflate: false });
    await once(socket, "open");
    return new WsClient(socket, user);
  }

  close() {
    this.#socket.terminate();
  }

  #received(text) {
    const status = Number(/^SIP\/2\.0 (\d{3})/.exec(text)?.[1] ?? 0);
    const key = /^Call-ID: (.+)\r$/im.exec(text)?.[1];
    if (status < 200) return;
    this.#waiting.get(key)?.({ status, text });
    this.#waiting.delete(key);
  }

  #final(callId) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("no final response")), PATIENCE_MS);
      this.#waiting.set(callId, (response) => {
        clearTimeout(timer);
        resolve(response);
      });
    });
  }

  #send(method, call, cseq, to, extra = [], body = "") {
    const lines = [
      `${method} sip:service@127.0.0.1 SIP/2.0`,
      `Via: SIP/2.0/WS ${this.#user}.invalid;branch=z9hG4bK${token()}`,
      "Max-Forwards: 70",
      `From: <sip:${this.#user}@127.0.0.1>;tag=${call.tag}`,
      `To: ${to}`,
      `Call-ID: ${call.id}`,
      `CSeq: ${cseq} ${method}`,
      `Contact: <sip:${this.#user}@${this.#user}.invalid;transport=ws>`,
      ...extra,
      ...(body === "" ? [] : ["Content-Type: application/sdp"]),
      `Content-Length: ${body.length}`,
    ];
    this.#socket.send(`${lines.join("\r\n")}\r\n\r\n${body}`);
  }

  /** REGISTER with a digest: 401, then 200. */
  async register() {
    const call = { id: token(), tag: token() };
    const to = `<sip:${this.#user}@127.0.0.1>`;
    const first = this.#final(call.id);
    this.#send("REGISTER", call, 1, to, ["Expires: 3600"]);
    const nonce = /nonce="([^"]+)"/.exec((await first).text)?.[1];
    const uri = "sip:service@127.0.0.1";
    const response = md5(`${md5(`${this.#user}:bench:secret`)}:${nonce}:${md5(`REGISTER:${uri}`)}`);
    const digest = `Digest username="${this.#user}", realm="bench", nonce="${nonce}", uri="${uri}", response="${response}"`;
    const second = this.#final(call.id);
    this.#send("REGISTER", call, 2, to, ["Expires: 3600", `Authorization: ${digest}`]);
    const { status } = await second;
    if (status !== 200) throw new Error(`REGISTER: ${status}`);
  }

  /** INVITE, 200, ACK, BYE, 200. */
  async call() {
    const call = { id: token(), tag: token() };
    const answer = this.#final(call.id);
    this.#send("INVITE", call, 1, "<sip:service@127.0.0.1>", [], SDP);
    const { status, text } = await answer;
    if (status !== 200) throw new Error(`INVITE: ${status}`);
    const to = /^To: (.+)\r$/im.exec(text)?.[1];
    this.#send("ACK", call, 1, to);
    const end = this.#final(call.id);
    this.#send("BYE", call, 2, to);
    if ((await end).status !== 200) throw new Error("BYE refused");
  }
}
