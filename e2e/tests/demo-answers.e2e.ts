// The demo site: a newcomer's consult of an outside number is answered by the demo customer.
import { expect, it } from "@jest/globals";
import { type RunningProduct, startProduct } from "../../scripts/lib/product.mjs";
import { Phone } from "../src/phone.js";
import { nowMs, waitFor } from "../src/clock.js";
import { removeFolder, temporaryFolder } from "../src/temporary.js";
import { type Sound } from "../src/tones.js";

const LOUD_DB = -50; // dBFS: a voice, and no noise of a codec

const levelOf = ({ samples }: Sound): number =>
  10 * Math.log10(samples.reduce((sum, s) => sum + s * s, 0) / Math.max(samples.length, 1));

it("[OB-1] [DF-4] calls an expert of the demo site, and hears somebody speak", async () => {
  const dir = temporaryFolder("legwork-demo");
  let product: RunningProduct | undefined;
  let phone: Phone | undefined;
  try {
    product = await startProduct({ dataDir: dir, media: ["127.0.0.1"], demo: true, logLevel: "info" });
    const registrar = { host: "127.0.0.1", port: product.setting.ports["sip"]! };
    const account = { user: "2001", password: "legwork-2001", domain: "legwork.local" };
    const { line } = (phone = await Phone.create(account, registrar, 700));
    expect(await phone.register()).toBe(200);
    const signIn = await fetch(new URL("/api/session", product.urls.page), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        agent: "ingrid",
        password: "legwork-ingrid",
        station: { kind: "extension", extension: "2001" },
      }),
    });
    const { csrf } = (await signIn.json()) as { csrf: string };
    const cookie = signIn.headers.get("set-cookie")!.split(";")[0]!;
    const answer = await fetch(new URL("/api/calls", product.urls.page), {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf, cookie },
      body: JSON.stringify({ target: { kind: "expert", expert: "nina" } }),
    });
    expect(answer.status).toBe(200);
    (await line.rings()).answer();
    await waitFor(async () => {
      const level = levelOf(await line.sound(nowMs() - 1_000, nowMs()));
      return level > LOUD_DB ? undefined : `nobody speaks: ${level.toFixed(0)} dBFS in the last second`;
    }, 20_000);
    expect(await line.call.request("BYE")).toBe(200);
  } finally {
    phone?.close();
    await product?.stop();
    removeFolder(dir);
  }
}, 60_000);
