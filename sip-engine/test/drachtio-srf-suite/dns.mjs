// dns.mjs HOSTS.json: answers A for known names, empty for their other types, NXDOMAIN for the rest.
import { createSocket } from "node:dgram";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const file = process.argv[2];
const addresses = JSON.parse(readFileSync(file, "utf8"));
const socket = createSocket("udp4");
const A = 1;

socket.on("message", (query, peer) => {
  let at = 12;
  const labels = [];
  while (query[at] > 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + query[at]));
    at += query[at] + 1;
  }
  const ip = addresses[labels.join(".").toLowerCase()];
  const answered = ip !== undefined && query.readUInt16BE(at + 1) === A;
  const head = Buffer.from(query.subarray(0, at + 5));
  head.writeUInt16BE(0x8580 | (ip === undefined ? 3 : 0), 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(answered ? 1 : 0, 6);
  head.writeUInt32BE(0, 8);
  const record = answered ? [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, ...ip.split(".").map(Number)] : [];
  socket.send(Buffer.concat([head, Buffer.from(record)]), peer.port, peer.address);
});
socket.bind(53, "127.0.0.1", () => writeFileSync(join(dirname(file), "dns.ready"), ""));
