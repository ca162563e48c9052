import { afterEach, describe, expect, it } from "@jest/globals";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:tls";
import { selfSigned } from "../support/certificate.js";
import { until } from "../support/engine.js";
import { FrameClient, verdict } from "../support/frame-client.js";
import { UdpPeer } from "../support/peer.js";
import { newSrf } from "../support/srf.js";
import { calledBy, hangUp, nextOf, World } from "../support/world.js";

let world: World;
afterEach(async () => {
  await world.clear();
  await world.stop();
});

describe("apps that connect by TLS", () => {
  it("are served as others are, and one without TLS is not", async () => {
    const { cert, key, remove } = selfSigned();
    world = await World.start("--admin-tls", "127.0.0.1:0", "--tls-cert", cert, "--tls-key", key);
    const port = world.engine.server.addresses.adminTls!;
    const plain = world.keep(await FrameClient.connect(port));
    plain.write("x|authenticate|s3cret|");
    await plain.closed;
    const socket = connect({ port, host: "127.0.0.1", ca: readFileSync(cert), servername: "localhost" });
    await once(socket, "secureConnect");
    const app = world.keep(new FrameClient(socket));
    expect((await app.authenticate("guess")).tokens[3]).toBe("NO");
    const again = connect({ port, host: "127.0.0.1", ca: readFileSync(cert), servername: "localhost" });
    await once(again, "secureConnect");
    const second = world.keep(new FrameClient(again));
    expect((await second.authenticate()).tokens[3]).toBe("OK");
    await second.route("invite");
    await hangUp(await calledBy(await world.peer(), second));
    remove();
  });

  it("may be drachtio-srf itself", async () => {
    const { cert, key, remove } = selfSigned();
    world = await World.start("--admin-tls", "127.0.0.1:0", "--tls-cert", cert, "--tls-key", key);
    const srf = newSrf();
    const connected = new Promise((resolve) => srf.on("connect", resolve));
    const port = world.engine.server.addresses.adminTls!;
    srf.connect({ host: "127.0.0.1", port, secret: "s3cret", tls: { rejectUnauthorized: false } });
    await connected;
    srf.options((_req, res) => res.send(200));
    await world.engine.routed("options");
    const phone = await world.peer();
    phone.request("OPTIONS");
    await phone.next("200 OPTIONS");
    srf.disconnect();
    await until(() => world.engine.apps().length === 0, "still connected");
    remove();
  });
});

describe("an outbound proxy", () => {
  it("is the next hop of requests outside dialogs, without a Route; one the app names goes before it", async () => {
    const proxy = await UdpPeer.open(9);
    world = await World.start("--outbound-proxy", `sip:${proxy.address}`);
    world.keep(proxy);
    const [app, named] = [await world.app(), await world.peer()];
    await app.request("MESSAGE sip:bob@carrier.example");
    const message = await proxy.next("MESSAGE");
    expect([message.uri, message.all("Route")]).toEqual(["sip:bob@carrier.example", []]);
    await app.request("OPTIONS tel:+4722334455");
    expect((await proxy.next("OPTIONS")).uri).toBe("tel:+4722334455");
    await app.request("MESSAGE sip:bob@carrier.example", {}, `sip:${named.address}`);
    expect((await named.next("MESSAGE")).uri).toBe("sip:bob@carrier.example");
    expect(proxy.inbox.open).toEqual([]);
  });
});

describe("names that stand for the engine", () => {
  it("are its addresses to apps and where it proxies", async () => {
    world = await World.start("--local-names", "Contact-Centre.example");
    const [app, phone, target] = [await world.app("options"), await world.peer(), await world.peer()];
    const own = `sip:1@contact-centre.example:${world.port("udp")}`;
    expect(verdict(await app.request(`MESSAGE ${own}`))).toBe("NOK|can not send request to myself");
    const request = phone.request("OPTIONS", { uri: own });
    const { tokens } = await nextOf(app, request);
    app.write(`order|proxy|${tokens[8]}|||||||sip:2@${target.address}\r\nOPTIONS sip:x SIP/2.0\r\n\r\n`);
    const forwarded = await target.next("OPTIONS");
    expect(forwarded.uri).toBe(`sip:2@${target.address}`);
    target.respond(forwarded, "200 OK");
    await phone.next("200 OPTIONS");
  });
});

describe("preserved header names", () => {
  it("go out as the app writes them, in requests, responses and dialogs; others are capitalised", async () => {
    world = await World.start("--preserve-headers", "my-header", "--preserve-headers", "P-weird");
    const [app, phone] = [await world.app("options"), await world.peer()];
    const headers = ["my-Header: 1", "p-weird: 2", "other-header: 3", "subject: 4"];
    const written = ["my-Header: 1", "p-weird: 2", "Other-Header: 3", "Subject: 4"];
    await app.request(`MESSAGE sip:bob@${phone.address}`, { headers });
    const request = phone.request("OPTIONS");
    await app.respond((await nextOf(app, request)).tokens[8]!, "200 OK", { headers });
    for (const message of [await phone.next("MESSAGE"), await phone.next("200 OPTIONS")]) {
      for (const line of written) expect(message.text).toContain(`\r\n${line}\r\n`);
    }
  });
});
