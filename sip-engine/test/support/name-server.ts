import { createSocket } from "node:dgram";
import type { Socket } from "node:dgram";
import { once } from "node:events";

/** Records by question, `SRV _sip._udp.example.test`. */
export type Zone = Readonly<Record<string, readonly ZoneRecord[]>>;

export type ZoneRecord =
  | { readonly address: string }
  | { readonly priority: number; readonly weight: number; readonly port: number; readonly target: string }
  | { readonly order: number; readonly preference: number; readonly service: string; readonly replacement: string };

const TYPES: Readonly<Record<number, string>> = { 1: "A", 28: "AAAA", 33: "SRV", 35: "NAPTR" };

/** A name server (RFC 1035) that knows one zone and writes down what it was asked. */
export class NameServer {
  readonly asked: string[] = [];
  /** May be changed at any time; false: it says nothing at all. */
  zone: Zone | false;
  readonly #socket: Socket;

  private constructor(socket: Socket, zone: Zone) {
    this.#socket = socket;
    this.zone = zone;
    socket.on("message", (query, from) => {
      const answer = this.#answer(query);
      if (answer !== null) socket.send(answer, from.port, from.address);
    });
  }

  static async start(zone: Zone): Promise<NameServer> {
    const socket = createSocket("udp4");
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    return new NameServer(socket, zone);
  }

  /** For the option `dns-servers`. */
  get place(): string {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  stop(): void {
    this.#socket.close();
  }

  #answer(query: Buffer): Buffer | null {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at]!; length > 0; length = query[at]!) {
      labels.push(query.toString("latin1", at + 1, at + 1 + length));
      at += length + 1;
    }
    const type = query.readUInt16BE(at + 1);
    const question = `${TYPES[type]} ${labels.join(".").toLowerCase()}`;
    this.asked.push(question);
    if (this.zone === false) return null;
    const records = this.zone[question] ?? [];
    const known = Object.keys(this.zone).some((one) => one.split(" ")[1] === question.split(" ")[1]);
    const head = Buffer.from(query.subarray(0, at + 5));
    head.writeUInt16BE(known ? 0x8580 : 0x8583, 2);
    for (const [index, count] of [1, records.length, 0, 0].entries()) head.writeUInt16BE(count, 4 + 2 * index);
    return Buffer.concat([head, ...records.map((record) => resourceRecord(type, rdata(record)))]);
  }
}

/** One answer to the question, which the message names at offset 12; it may be kept for a second. */
function resourceRecord(type: number, data: Buffer): Buffer {
  const fixed = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 1, 0, 0]);
  fixed.writeUInt16BE(data.length, 10);
  return Buffer.concat([fixed, data]);
}

function rdata(record: ZoneRecord): Buffer {
  if ("address" in record) {
    return record.address.includes(":") ? ipv6(record.address) : Buffer.from(record.address.split(".").map(Number));
  }
  if ("target" in record) {
    return Buffer.concat([numbers(record.priority, record.weight, record.port), domain(record.target)]);
  }
  const { order, preference, service, replacement } = record;
  return Buffer.concat([numbers(order, preference), text("s"), text(service), text(""), domain(replacement)]);
}

function ipv6(address: string): Buffer {
  const [head = "", tail = ""] = address.split("::");
  const groups = (part: string): number[] => (part === "" ? [] : part.split(":").map((group) => parseInt(group, 16)));
  const missing = 8 - groups(head).length - groups(tail).length;
  return numbers(...groups(head), ...Array<number>(missing).fill(0), ...groups(tail));
}

function numbers(...values: readonly number[]): Buffer {
  return Buffer.from(values.flatMap((value) => [value >> 8, value & 255]));
}

function text(value: string): Buffer {
  return Buffer.from([value.length, ...Buffer.from(value)]);
}

function domain(name: string): Buffer {
  return Buffer.concat([
    ...name
      .split(".")
      .filter((label) => label !== "")
      .map(text),
    Buffer.from([0]),
  ]);
}
