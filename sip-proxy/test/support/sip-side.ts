import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { MediaProcess } from "./media-process.js";
import { ApiClient, freePort, ProxyProcess } from "./proxy-process.js";
import { DOMAIN, header, sdp, SipPeer, statusOf, tagOf, type Account, type SipText } from "./sip-peer.js";
import { waitFor } from "./wait-for.js";

export const NUMBER = "+4780010001";
const SECRET = "test-secret";
/** Of everybody. */
const PASSWORD = "secret-of-all";

export const EVA: Account = { user: "2001", password: "phone-of-eva" };
export const FINN: Account = { user: "2002", password: "phone-of-finn" };
/** Whose telephone knows SHA-256. */
export const GURO: Account = { user: "2003", password: "phone-of-guro" };

const agent = (name: string, { user, password }: Account, more: object = {}) => ({
  id: name.toLowerCase().replace(/[^a-z]/g, ""),
  name,
  password: PASSWORD,
  extension: user,
  phonePassword: password,
  ...more,
});

const siteWith = (trunkPort: number, trunks: readonly object[]) => ({
  domain: DOMAIN,
  country: "NO",
  policy: { "wrap-up.default": "resolved" },
  agents: [
    agent('<Eva & "E">', EVA, { id: "eva" }),
    agent("Finn", FINN),
    agent("Guro", GURO, { phoneDigest: "SHA-256" }),
    { id: "chief", name: "Chief", password: PASSWORD, role: "admin" },
  ],
  queues: [{ id: "phones", name: "Phones", agents: ["eva", "finn", "guro"] }],
  entryPoints: [{ id: "line", name: "Line", number: NUMBER, queue: "phones" }],
  wrapUpReasons: [{ id: "resolved", label: "Resolved", labelNb: "Løst" }],
  idleReasons: [{ id: "not-ready", label: "Not ready", labelNb: "Ikke klar" }],
  trunks: [{ name: "trunk", address: "127.0.0.1", port: trunkPort }, ...trunks],
});

/** What every part is at or in. */
interface Parts {
  readonly engine: ChildProcess;
  readonly dir: string;
  readonly sip: number; // ports
  readonly ws: number;
  readonly admin: number;
  readonly ops: number;
}

async function startEngine(): Promise<Parts> {
  const [sip, ws, admin, http, ops] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const main = fileURLToPath(new URL("../../../sip-engine/dist/main.js", import.meta.url));
  const places = [`udp:127.0.0.1:${sip}`, `tcp:127.0.0.1:${sip}`, `ws:127.0.0.1:${ws}`];
  const listen = [...places.flatMap((place) => ["--sip", place]), "--admin", `127.0.0.1:${admin}`];
  const engine = spawn(process.execPath, [main, ...listen, "--http", `127.0.0.1:${http}`], {
    env: { PATH: process.env["PATH"], LEGWORK_ENGINE_SECRET: SECRET, LEGWORK_LOG_LEVEL: "error" },
    stdio: "ignore",
  });
  return { engine, dir: fs.mkdtempSync(path.join(os.tmpdir(), "legwork-sip-")), sip, ws, admin, ops };
}

async function endEngine({ engine, dir }: Parts): Promise<void> {
  engine.kill("SIGKILL");
  if (engine.exitCode === null && engine.signalCode === null) await once(engine, "exit");
  fs.rmSync(dir, { recursive: true, force: true });
}

/** A telephone, and the desktop beside it. */
export interface Phone {
  readonly peer: SipPeer;
  readonly api: ApiClient;
}

/** A real engine, media-server and sip-proxy, and a customer on a trunk: everything but browsers. */
export class SipSide {
  readonly #peers: SipPeer[] = [];
  #calls = 0;

  private constructor(
    private readonly parts: Parts,
    private readonly media: MediaProcess,
    private readonly proxy: ProxyProcess,
    readonly customer: SipPeer,
  ) {}

  /** `trunks`: as a site file has them, beside the customer's. */
  static async start(trunks: readonly object[] = []): Promise<SipSide> {
    const parts = await startEngine();
    const undo: (() => unknown)[] = [() => endEngine(parts)];
    try {
      const media = await MediaProcess.start();
      undo.push(() => media.kill());
      const customer = await SipPeer.udp(parts.sip);
      undo.push(() => customer.close());
      const env = {
        LEGWORK_ENGINE: `127.0.0.1:${parts.admin}`,
        LEGWORK_ENGINE_SECRET: SECRET,
        LEGWORK_MEDIA_URL: media.url,
        LEGWORK_MEDIA_TOKEN: media.token,
        LEGWORK_OPS_LISTEN: `127.0.0.1:${parts.ops}`,
      };
      const proxy = await ProxyProcess.start(siteWith(customer.port, trunks), env, parts.dir);
      undo.push(() => proxy.kill());
      const side = new SipSide(parts, media, proxy, customer);
      await side.#healthy();
      return side;
    } catch (error) {
      for (const one of undo.reverse()) await one();
      throw error;
    }
  }

  /** kill -9 for sip-proxy, and another one on the same database. */
  async restart(): Promise<void> {
    await this.proxy.kill();
    await this.proxy.run();
    await this.#healthy();
  }

  async #healthy(): Promise<void> {
    await waitFor(() => (this.log.includes("connected to the SIP engine") ? undefined : "the engine"), 60_000);
    while (!(await fetch(`http://127.0.0.1:${this.parts.ops}/health`)).ok);
  }

  get log(): string {
    return this.proxy.log;
  }

  get url(): string {
    return this.proxy.url;
  }

  get sip(): number {
    return this.parts.sip;
  }

  async udp(address?: string): Promise<SipPeer> {
    return this.#keep(await SipPeer.udp(this.sip, address));
  }

  async tcp(address?: string): Promise<SipPeer> {
    return this.#keep(await SipPeer.tcp(this.sip, address));
  }

  /** A browser, as far as SIP goes. */
  async ws(): Promise<SipPeer> {
    return this.#keep(await SipPeer.ws(this.parts.ws));
  }

  /** A desktop without a telephone. */
  async desk(agent: string): Promise<ApiClient> {
    const api = new ApiClient(this.proxy);
    await api.signIn(agent, PASSWORD);
    return api;
  }

  /** A registered telephone whose agent is signed in with it and Available. */
  async phone(account: Account, agent: string, peer?: SipPeer): Promise<Phone> {
    const at = peer ?? (await this.udp());
    await at.askAs("REGISTER", account);
    const api = new ApiClient(this.proxy);
    await api.signIn(agent, PASSWORD, { station: { kind: "extension", extension: account.user } });
    await api.post("/api/agent/state", { state: "available" });
    return { peer: at, api };
  }

  /**
   * The customer calls, this telephone answers, and the two talk: its INVITE, and how it hangs up, and how the customer does. `refused`: how the telephone
   * answers a first INVITE, so that it gets another one.
   */
  async call(
    { peer: phone, api }: Phone,
    refused?: { readonly status: string; readonly headers: readonly string[] },
  ): Promise<{
    invite: SipText;
    hangUp(): Promise<SipText>;
    customerHangsUp(): Promise<SipText>;
  }> {
    const call = { callId: `call-${++this.#calls}`, fromTag: "customer" };
    this.customer.send("INVITE", "+4799999999", {
      ...call,
      uri: `sip:${NUMBER}@127.0.0.1:${this.sip}`,
      headers: ["Content-Type: application/sdp"],
      body: sdp("127.0.0.1"),
    });
    if (refused) phone.answer(await phone.request("INVITE"), refused.status, refused.headers);
    const invite = await phone.request("INVITE");
    phone.answer(invite, "180 Ringing");
    phone.answer(invite, "200 OK", ["Content-Type: application/sdp"], sdp(phone.address));
    const isOurs = (m: SipText): boolean => statusOf(m) === 200 && header(m, "call-id") === call.callId;
    const answer = await this.customer.next(isOurs, "an answer to the customer");
    const uri = /<([^>]*)>/.exec(header(answer, "contact"))?.[1] ?? "";
    this.customer.send("ACK", "+4799999999", { ...call, uri, toTag: tagOf(header(answer, "to")) });
    await phone.request("ACK");
    while ((await api.get("/api/desktop")).body.interaction?.phase !== "connected");
    const inside = { ...call, uri, toTag: tagOf(header(answer, "to")), cseq: 2 };
    return {
      invite,
      hangUp: () => phone.ask("BYE", "", { ...inDialog(invite, phone), cseq: 1_000 }),
      customerHangsUp: () => this.customer.ask("BYE", "+4799999999", inside),
    };
  }

  /** Waits until this agent has no call, and submits what wrap-ups there are: Available again. */
  async settle(api: ApiClient): Promise<void> {
    for (;;) {
      const { agent, wrapUps } = (await api.get("/api/desktop")).body;
      for (const { id } of wrapUps) await api.post(`/api/wrap-ups/${id}`, { reason: "resolved" });
      if (!["reserved", "engaged", "wrap-up"].includes(agent.state.kind)) return;
    }
  }

  /** The value of one series of /metrics; 0 when there is none. */
  async metric(series: string): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${this.parts.ops}/metrics`)).text();
    const line = text.split("\n").find((l) => l.startsWith(`legwork_${series} `));
    return Number(line?.split(" ").at(-1) ?? 0);
  }

  async dump(): Promise<Record<string, unknown>> {
    return (await (await fetch(`http://127.0.0.1:${this.parts.ops}/debug/dump`)).json()) as Record<string, unknown>;
  }

  async stop(): Promise<void> {
    for (const peer of [...this.#peers, this.customer]) peer.close();
    await this.proxy.kill();
    await this.media.kill();
    await endEngine(this.parts);
  }

  #keep(peer: SipPeer): SipPeer {
    this.#peers.push(peer);
    return peer;
  }
}

/** Where and how a peer asks inside the dialog that a request from the other side has opened. */
export const inDialog = (request: SipText, peer: SipPeer) => ({
  uri: /<([^>]*)>/.exec(header(request, "contact"))?.[1] ?? "",
  from: /sip:([^@>]*)@/.exec(header(request, "to"))?.[1] ?? "",
  fromTag: `peer-${peer.port}`,
  toTag: tagOf(header(request, "from")),
  callId: header(request, "call-id"),
});
