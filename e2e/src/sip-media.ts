import { randomInt } from "node:crypto";
import { answerDirection, type AudioDescription, type Direction, formatAudio } from "./sip-text.js";

/** What the media side of a call is told. */
export interface CallMedia {
  readonly port: number;
  /** The phone's own way to write a description. */
  describes?(sdp: string): string;
  /** The agreed description changed: send there (or not), in this direction as seen from here. */
  agreed(remote: AudioDescription, direction: Direction): void;
}

/** The offers and answers of one call (RFC 3264): what this phone wants, what the other end last said. */
export class Negotiation {
  /** The direction this phone asks for: "sendonly" while it holds. */
  wanted: Direction = "sendrecv";
  #remote: AudioDescription | undefined;
  readonly #id = randomInt(1, 2 ** 31);
  #version = 0;

  constructor(
    private readonly address: string,
    private readonly media: CallMedia,
  ) {}

  /** What the other end last said about its audio. */
  get remote(): AudioDescription | undefined {
    return this.#remote;
  }

  /** A description with what is wanted. */
  offer(direction: Direction = this.wanted): string {
    this.#version += 1;
    const { port, describes } = this.media;
    const sdp = formatAudio({ id: this.#id, version: this.#version, address: this.address, port, direction });
    return describes ? describes(sdp) : sdp;
  }

  /** The answer to an offer; without an offer, an offer of our own. */
  answer(offer: AudioDescription | undefined): string {
    return this.offer(offer ? answerDirection(offer.direction, this.wanted) : this.wanted);
  }

  agree(remote: AudioDescription | undefined): void {
    if (!remote) return;
    this.#remote = remote;
    this.media.agreed(remote, answerDirection(remote.direction, this.wanted));
  }

  /** Sends nothing any more: the port of the other end may be somebody else's by now. */
  end(): void {
    if (this.#remote) this.media.agreed(this.#remote, "inactive");
  }
}
