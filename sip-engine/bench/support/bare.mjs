// The least that Node can do for a call: parses nothing, keeps nothing, asks no app. What this costs is what datagrams and being woken
// cost on this machine at this moment.
//   node bare.mjs
import { createSocket } from "node:dgram";

const KEPT = ["Via", "From", "To", "Call-ID", "CSeq"].map((name) => new RegExp(`^${name}: .*$`, "im"));
const SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 7000 RTP/AVP 0\r\n";

const socket = createSocket({ type: "udp4", lookup: (host, _options, done) => done(null, host, 4) });
socket.on("message", (datagram, { address, port }) => {
  const request = datagram.toString("latin1");
  if (request.startsWith("ACK")) return;
  const headers = KEPT.map((header) => header.exec(request)?.[0] ?? "").map((line) =>
    line.startsWith("To:") && !line.includes("tag=") ? `${line};tag=bare` : line,
  );
  const answer = (status, body) => {
    const head = [`SIP/2.0 ${status}`, ...headers, `Contact: <sip:127.0.0.1:${socket.address().port}>`];
    if (body !== "") head.push("Content-Type: application/sdp");
    socket.send(
      Buffer.from(`${head.join("\r\n")}\r\nContent-Length: ${body.length}\r\n\r\n${body}`, "latin1"),
      port,
      address,
      () => undefined,
    );
  };
  const invite = request.startsWith("INVITE");
  if (invite) answer("100 Trying", "");
  answer("200 OK", invite ? SDP : "");
});
socket.bind(0, "127.0.0.1", () => process.send({ port: socket.address().port }));
