// The demo site: a newcomer's consult of an outside number is answered by the demo customer.
import { expect, it } from "@jest/globals";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { startProduct } from "../../scripts/lib/product.mjs";
import { Phone } from "../src/phone.js";
import { nowMs, untilMs } from "../src/clock.js";

it("[OB-1] [DF-4] calls an expert of the demo site, and hears somebody speak", async () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), "legwork-demo-"));
  const product = await startProduct({ dataDir: dir, media: ["127.0.0.1"], demo: true, logLevel: "info" });
  const registrar = { host: "127.0.0.1", port: product.setting.ports["sip"]! };
  const account = { user: "2001", password: "legwork-2001", domain: "legwork.local" };
  const phone = await Phone.create(account, registrar, 700);
  try {
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
    (await phone.line.rings()).answer();
    const from = nowMs() + 3_000;
    await untilMs(from + 3_000);
    const { samples } = await phone.line.sound(from, from + 3_000);
    const power = samples.reduce((sum, s) => sum + s * s, 0) / samples.length;
    expect(10 * Math.log10(power)).toBeGreaterThan(-50);
    expect(await phone.line.call.request("BYE")).toBe(200);
  } finally {
    phone.close();
    await product.stop();
    fs.rmSync(dir, { recursive: true, force: true });
  }
}, 60_000);
