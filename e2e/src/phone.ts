import { authorize, type Account } from "./digest.js";
import { RtpCustomer } from "./rtp-customer.js";
import { isFinal, type SipSocket } from "./sip-socket.js";
import { type SipCall } from "./sip-call.js";
import { ackOfRefusal, newId } from "./sip-dialog.js";
import { header, type SipText, statusOf } from "./sip-text.js";

/** One request outside any call, from a socket of its own; with an account it answers the challenge. Resolves with the final response. */
export async function askOnce(
  socket: SipSocket,
  to: { readonly host: string; readonly port: number },
  request: { readonly method: string; readonly uri: string; readonly from: string; readonly body?: string },
  extra: SipText["headers"] = [],
  account?: Account,
): Promise<SipText> {
  const [callId, tag] = [newId(), newId()];
  const send = (cseq: number, more: SipText["headers"]): Promise<SipText> =>
    new Promise((resolve) => {
      const { method, uri, from, body = "" } = request;
      const headers: SipText["headers"] = [
        ["Via", `SIP/2.0/UDP ${socket.address}:${socket.port};branch=z9hG4bK${newId()};rport`],
        ["Max-Forwards", "70"],
        ["From", `<sip:${from}>;tag=${tag}`],
        ["To", `<${method === "REGISTER" ? `sip:${from}` : uri}>`],
        ["Call-ID", callId],
        ["CSeq", `${cseq} ${method}`],
        ["Contact", `<sip:phone@${socket.address}:${socket.port}>`],
        ...(body ? [["Content-Type", "application/sdp"] as const] : []),
        ...extra,
        ...more,
      ];
      const sent = { start: `${method} ${uri} SIP/2.0`, headers, body };
      socket.request(sent, to, (response) => {
        if (!isFinal(response)) return;
        if (method === "INVITE") socket.request(ackOfRefusal(sent, response), to);
        resolve(response);
      });
    });
  const first = await send(1, []);
  if (!account || statusOf(first) !== 401) return first;
  const challenge = header(first, "www-authenticate");
  return send(2, [["Authorization", authorize(challenge, account, request.method, request.uri)]]);
}

/** As phones do: long before the registration ends. */
const RENEWED_EVERY_MS = 50_000;

/** A desk phone: registers with a password and stays registered, rings and answers. */
export class Phone {
  #renewal: NodeJS.Timeout | undefined;

  private constructor(
    readonly line: RtpCustomer,
    private readonly account: Account,
    private readonly registrar: { readonly host: string; readonly port: number },
  ) {}

  static async create(
    account: Account,
    registrar: { readonly host: string; readonly port: number },
    tone: number,
  ): Promise<Phone> {
    const line = await RtpCustomer.create({ name: `phone ${account.user}`, tone, number: account.user });
    return new Phone(line, account, registrar);
  }

  /** Registers where its own line listens; resolves with the final status. */
  async register(password = this.account.password): Promise<number> {
    const status = await this.#register(password, 120);
    clearInterval(this.#renewal);
    if (status !== 200) return status;
    const renew = (): void => void this.#register(password, 120).catch(() => undefined); // whoever calls it will notice
    this.#renewal = setInterval(renew, RENEWED_EVERY_MS).unref();
    return status;
  }

  /** Takes the registration back (RFC 3261 10.2.2); resolves with the final status. */
  unregister(): Promise<number> {
    clearInterval(this.#renewal);
    return this.#register(this.account.password, 0);
  }

  async #register(password: string, expires: number): Promise<number> {
    const { domain, user } = this.account;
    const contact = [["Expires", String(expires)]] as const;
    const request = { method: "REGISTER", uri: `sip:${domain}`, from: `${user}@${domain}` };
    const account = { ...this.account, password };
    return statusOf(await askOnce(this.line.socket, this.registrar, request, contact, account));
  }

  /** Dials with the phone's own password; wait for `call.answered()`. */
  dial(target: string, headers: SipText["headers"] = []): SipCall {
    const { host, port } = this.registrar;
    return this.line.dial(`sip:${target}@${host}:${port}`, headers, true, this.account);
  }

  /** Dials a second call beside the present one; resolves with the final response. */
  dialBeside(target: string, body: string): Promise<SipText> {
    const { domain, user } = this.account;
    const request = { method: "INVITE", uri: `sip:${target}@${domain}`, from: `${user}@${domain}`, body };
    return askOnce(this.line.socket, this.registrar, request, [], this.account);
  }

  close(): void {
    clearInterval(this.#renewal);
    this.line.close();
  }
}
