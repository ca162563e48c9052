import { TestEngine, until } from "./engine.js";
import { FrameClient, WITH_SDP } from "./frame-client.js";
import type { AppMessage, Frame } from "./frame-client.js";
import type { Peer, RequestParts, ResponseParts } from "./peer.js";
import { TcpPeer, UdpPeer, WsPeer } from "./peer.js";
import type { Sip } from "./sip.js";

/** T1 of 20 ms: 64·T1 is 1.28 s. */
const QUICK = ["--t1", "20", "--t2", "160", "--t4", "40"];

/** One engine, and the apps and phones a test brings. */
export class World {
  readonly #guests = new Set<{ close(): void }>();

  private constructor(readonly engine: TestEngine) {}

  static async start(...more: string[]): Promise<World> {
    return new World(await TestEngine.start(...QUICK, ...more));
  }

  get adminPort(): number {
    return this.engine.server.addresses.admin;
  }

  port(transport: "udp" | "tcp" | "ws"): number {
    return this.engine.port(transport);
  }

  /** host:port the engine serves UDP on. */
  get udp(): string {
    return `127.0.0.1:${this.port("udp")}`;
  }

  /** An authenticated app that has asked for these verbs. */
  async app(...verbs: string[]): Promise<FrameClient> {
    const app = this.keep(await FrameClient.connect(this.adminPort));
    await app.authenticate();
    await app.route(...verbs);
    return app;
  }

  async peer(): Promise<UdpPeer> {
    return this.keep(await UdpPeer.open(this.port("udp")));
  }

  async tcpPeer(): Promise<TcpPeer> {
    return this.keep(await TcpPeer.open(this.port("tcp")));
  }

  async wsPeer(): Promise<WsPeer> {
    return this.keep(await WsPeer.open(this.port("ws")));
  }

  keep<Guest extends { close(): void }>(guest: Guest): Guest {
    this.#guests.add(guest);
    return guest;
  }

  /** Ends a test: everybody goes, and the engine has noticed. */
  async clear(): Promise<void> {
    for (const guest of this.#guests) guest.close();
    this.#guests.clear();
    await until(() => this.engine.apps().length === 0, "an app is still connected");
  }

  /** Waits until no transaction, dialog or timer is left, and stops. */
  async stop(): Promise<void> {
    await this.engine.idle();
    await this.engine.stop();
  }
}

/** A call a peer made to an app: answered and acknowledged. */
export interface Call {
  readonly app: FrameClient;
  readonly peer: Peer;
  readonly dialogId: string;
  /** As the peer sees the dialog. */
  readonly callId: string;
  readonly peerTag: string;
  readonly engineTag: string;
  /** The INVITE that made the call, and its 200. */
  readonly invite: Sip;
  readonly answer: Sip;
  readonly transactionId: string;
}

/** The peer calls, the app answers, the peer acknowledges. */
export async function calledBy(
  peer: Peer,
  app: FrameClient,
  parts: RequestParts = {},
  answered: AppMessage = WITH_SDP,
): Promise<Call> {
  const invite = peer.request("INVITE", parts);
  const frame = await nextOf(app, invite);
  const transactionId = frame.tokens[8]!;
  const echo = await app.respond(transactionId, "200 OK", answered);
  const answer = await peer.next("200 INVITE");
  const call = {
    app,
    peer,
    dialogId: echo.tokens[11]!,
    callId: invite.header("Call-ID"),
    peerTag: invite.tag("From"),
    engineTag: answer.tag("To"),
    invite,
    answer,
    transactionId,
  };
  fromPeer(call, "ACK", invite.cseq);
  await app.next("ACK");
  return call;
}

/** The app calls, the peer answers, the app acknowledges. */
export async function calling(
  app: FrameClient,
  peer: Peer,
  message: AppMessage = WITH_SDP,
  parts: ResponseParts = {},
): Promise<Call> {
  const echo = await app.request(`INVITE sip:${peer.name}@${peer.address}`, message);
  const invite = await peer.next("INVITE");
  const answer = peer.respond(invite, "200 OK", parts);
  const { tokens } = await app.next("200 INVITE");
  await app.inDialog(tokens[9]!, "ACK");
  await peer.next("ACK");
  return {
    app,
    peer,
    dialogId: tokens[9]!,
    callId: invite.header("Call-ID"),
    peerTag: answer.tag("To"),
    engineTag: invite.tag("From"),
    invite,
    answer,
    transactionId: echo.tokens[10]!,
  };
}

/** A request of the peer's in the call. */
export function fromPeer(call: Call, method: string, cseq: number, parts: RequestParts = {}): Sip {
  const { callId, peerTag, engineTag } = call;
  return call.peer.request(method, { callId, fromTag: peerTag, toTag: engineTag, cseq, ...parts });
}

/** The peer hangs up and the app agrees. */
export async function hangUp(call: Call, cseq = 1000): Promise<void> {
  fromPeer(call, "BYE", cseq);
  const { tokens } = await call.app.next("BYE");
  await call.app.respond(tokens[8]!, "200 OK");
  await call.peer.next("200 BYE");
}

/** The frame in which an app is given this request. */
export function nextOf(app: FrameClient, request: Sip): Promise<Frame> {
  const fits = ({ tokens, sip }: Frame): boolean =>
    tokens[1] === "sip" && sip.what === request.what && sip.branch === request.branch;
  return app.inbox.next(fits, `${request.what} ${request.branch}`);
}
