import { createHash } from "node:crypto";
import { once } from "node:events";
import type { EventEmitter } from "node:events";
import SrfClass from "drachtio-srf";

// The part of drachtio-srf that is used here, with the types it has at run time.
type Headers = Readonly<Record<string, string>>;

export interface SrfRequest {
  readonly body: string;
  get(name: string): string;
  on(event: "cancel", listener: () => void): void;
}

export interface SrfResponse {
  readonly status: number;
  send(status: number, opts?: { headers?: Headers; body?: string }): void;
}

export interface Dialog extends EventEmitter {
  readonly sip: { readonly callId: string; readonly localTag: string; readonly remoteTag: string };
  readonly remote: { readonly sdp: string };
  request(opts: { method: string; headers: Headers; body?: string }): Promise<SrfResponse>;
  destroy(): Promise<unknown>;
}

interface Srf extends EventEmitter {
  connect(opts: { host: string; port: number; secret: string }): void;
  disconnect(): void;
  invite(handler: Handler): void;
  register(handler: Handler): void;
  createUAS(req: SrfRequest, res: SrfResponse, opts: { localSdp: string }): Promise<Dialog>;
  createUAC(uri: string, opts: { localSdp: string; headers: Headers }): Promise<Dialog>;
}

const md5 = (text: string) => createHash("md5").update(text).digest("hex");

/** What the test's server says to a new INVITE or an in-dialog request: it is given both to answer. */
type Handler = (req: SrfRequest, res: SrfResponse) => void;

/** A small SIP application on the real engine: registrar with digest, and whatever the test wants done with calls. */
export class SipApp {
  readonly registered = new Map<string, string>();
  /** The topmost Via of the last REGISTER. */
  via = "";
  passwords = new Map<string, string>();
  invite: Handler = (_req, res) => res.send(480);
  readonly #srf = new SrfClass() as unknown as Srf;

  async connect(port: number): Promise<void> {
    this.#srf.register((req, res) => this.#register(req, res));
    this.#srf.invite((req, res) => this.invite(req, res));
    this.#srf.on("error", () => undefined); // it connects again by itself when the engine is restarted
    this.#srf.connect({ host: "127.0.0.1", port, secret: "cymru" });
    await once(this.#srf, "connect");
  }

  close(): void {
    this.#srf.disconnect();
  }

  call(user: string, sdp: string, headers: Record<string, string> = {}): Promise<Dialog> {
    const contact = this.registered.get(user);
    if (!contact) throw new Error(`${user} is not registered`);
    return this.#srf.createUAC(contact, { localSdp: sdp, headers: { From: '"Ingrid" <sip:ingrid@test>', ...headers } });
  }

  answer(req: SrfRequest, res: SrfResponse, sdp: string): Promise<Dialog> {
    return this.#srf.createUAS(req, res, { localSdp: sdp });
  }

  #register(req: SrfRequest, res: SrfResponse): void {
    this.via = req.get("Via");
    const user = /sip:([^@]+)@/.exec(req.get("To"))?.[1] ?? "";
    const credentials = req.get("Authorization") as string | undefined;
    if (!credentials) {
      return res.send(401, {
        headers: { "WWW-Authenticate": 'Digest realm="test", nonce="n1", algorithm=MD5, qop="auth"' },
      });
    }
    const field = (name: string) => new RegExp(`${name}="?([^",]+)"?`).exec(credentials)?.[1] ?? "";
    const ha1 = md5(`${user}:test:${this.passwords.get(user)}`);
    const ha2 = md5(`REGISTER:${field("uri")}`);
    const expected = md5([ha1, "n1", field("nc"), field("cnonce"), "auth", ha2].join(":"));
    if (field("response") !== expected) return res.send(403);
    const uri = /<([^>]+)>/.exec(req.get("Contact"))?.[1] ?? "";
    const gone = /expires=0/.test(req.get("Contact"));
    if (gone) this.registered.delete(user);
    else this.registered.set(user, uri);
    res.send(200, { headers: { Contact: `<${uri}>;expires=${gone ? 0 : 120}` } });
  }
}
