// A small drachtio-srf application in a process of its own: answers INVITE and BYE with 200, REGISTER after a digest.
//   node app.mjs ADMIN_PORT SECRET
import { createHash, randomBytes } from "node:crypto";
import Srf from "drachtio-srf";

const [port, secret] = process.argv.slice(2);
const REALM = "bench";
const PASSWORD = "secret";
const SDP = [
  "v=0",
  "o=- 1 1 IN IP4 127.0.0.1",
  "s=-",
  "c=IN IP4 127.0.0.1",
  "t=0 0",
  "m=audio 7000 RTP/AVP 0",
  "a=rtpmap:0 PCMU/8000",
  "",
].join("\r\n");

const srf = new Srf();
const nonces = new Set();
const md5 = (text) => createHash("md5").update(text).digest("hex");

srf.invite(async (req, res) => {
  const dialog = await srf.createUAS(req, res, { localSdp: SDP }).catch(() => null);
  dialog?.on("destroy", () => undefined);
});

srf.register((req, res) => {
  const given = Object.fromEntries(
    [...(req.get("Authorization") ?? "").matchAll(/(\w+)="?([^",]+)"?/g)].map(([, name, value]) => [name, value]),
  );
  if (!nonces.delete(given.nonce)) {
    const nonce = randomBytes(16).toString("hex");
    nonces.add(nonce);
    const challenge = `Digest realm="${REALM}", nonce="${nonce}", algorithm=MD5`;
    return res.send(401, { headers: { "WWW-Authenticate": challenge } });
  }
  const expected = md5(
    `${md5(`${given.username}:${REALM}:${PASSWORD}`)}:${given.nonce}:${md5(`REGISTER:${given.uri}`)}`,
  );
  if (given.response !== expected) return res.send(403);
  res.send(200, { headers: { Contact: `${req.get("Contact")};expires=3600`, Expires: "3600" } });
});

srf.options((_req, res) => res.send(200));
srf.on("error", (error) => process.send?.({ error: String(error) }));
srf.on("connect", (error) => {
  if (error) process.exit(1);
  // Routes go out right behind the authentication; the engine reads them in order.
  setTimeout(() => process.send?.({ ready: true }), 200);
});
srf.connect({ host: "127.0.0.1", port: Number(port), secret });
