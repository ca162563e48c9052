// The drachtio-srf application under which the engine is fuzzed. Does one thing or another by Call-ID, ends every dialog
// soon, and calls the fuzzer now and then.
//   node app.mjs ADMIN_PORT SECRET FUZZER_PORT
import Srf from "drachtio-srf";

const [port, secret, fuzzerPort] = process.argv.slice(2);
const SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 7000 RTP/AVP 0\r\n";
/** Dialogs that a broken peer will never end are ended by the app. */
const LONGEST_DIALOG_MS = 1500;
const CALL_EVERY_MS = 300;

const srf = new Srf();
const ignore = () => undefined;
const say = (message) => process.send?.(message);
// What broken peers make drachtio-srf throw is told, not fatal: it is the engine that is looked at.
process.on("uncaughtException", (error) => say({ thrown: String(error.stack).slice(0, 800) }));
process.on("unhandledRejection", (error) => say({ thrown: String(error?.stack ?? error).slice(0, 800) }));

/** Destroys a dialog after a while, whatever becomes of it. */
function keepShort(dialog) {
  for (const event of "modify refresh info refer update message notify options".split(" ")) {
    dialog.on(event, (_req, res) => res?.send?.(200));
  }
  dialog.on("destroy", ignore);
  setTimeout(() => void dialog.destroy()?.catch?.(ignore), LONGEST_DIALOG_MS);
}

const answer = (req, res) => srf.createUAS(req, res, { localSdp: SDP }).then(keepShort).catch(ignore);
const behaviours = [
  answer,
  answer,
  (req, res) => {
    res.send(180);
    setTimeout(() => void answer(req, res), 100);
  },
  (req, res) => {
    res.send(183, { body: SDP, headers: { Require: "100rel" } }, (error) => error && res.send(488));
    setTimeout(() => void answer(req, res), 200);
  },
  (_req, res) => res.send(486),
  ignore,
  (req) => srf.proxyRequest(req, `sip:proxied@127.0.0.1:${fuzzerPort}`, { recordRoute: true }).catch(ignore),
];

srf.invite((req, res) => {
  if (/^sip:probe@/.test(req.uri)) return answer(req, res);
  const sum = [...String(req.get("Call-ID"))].reduce((total, c) => total + c.charCodeAt(0), 0);
  return behaviours[sum % behaviours.length](req, res);
});
for (const method of ["register", "subscribe", "publish", "refer", "options"])
  srf[method]((_req, res) => res.send(200));

function callOut() {
  const uri = `sip:callee@127.0.0.1:${fuzzerPort}`;
  void srf.createUAC(uri, { localSdp: SDP }).then(keepShort).catch(ignore);
  srf.request(uri, { method: "SUBSCRIBE", headers: { Event: "refer", Expires: "5" } }, ignore);
}

srf.on("error", ignore);
srf.on("connect", (error) => {
  if (error) process.exit(1);
  setTimeout(() => say({ ready: true }), 200);
  const calls = setInterval(callOut, CALL_EVERY_MS);
  process.on("message", (order) => {
    if (order === "quiet") clearInterval(calls);
  });
});
srf.connect({ host: "127.0.0.1", port: Number(port), secret });
