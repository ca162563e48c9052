import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { PhoneScene } from "../support/phone-scene.js";
import { startEngine } from "../support/processes.js";

jest.setTimeout(120_000);

let scene: PhoneScene;

beforeAll(async () => {
  scene = await PhoneScene.open();
});

afterAll(() => scene?.close());

beforeEach(() => scene.newPage());

/** A proxy that ends TLS, as far as a page can tell: what it connects to by wss is reached by ws. Runs in the page. */
function endTls(): void {
  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(String(url).replace(/^wss:/, "ws:"), protocols);
    }
  };
}

/** Runs in the page. */
function countSockets(): void {
  const Plain = window.WebSocket;
  const made: WebSocket[] = [];
  Object.assign(window, { made });
  window.WebSocket = class extends Plain {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      made.push(this);
    }
  };
}

const sockets = () => scene.page.evaluate(() => (window as unknown as { made: WebSocket[] }).made.length);

describe("registration of the browser's phone", () => {
  it("[SG-1] registers with digest", () => {
    expect(scene.app.registered.get("anna")).toMatch(/^sip:.*;transport=ws$/);
  });

  it("[SG-1] says WS in Via and Contact when the page came over https: TLS ends before the SIP server", async () => {
    await scene.newPage(endTls, "https:");
    expect(scene.app.via).toMatch(/^SIP\/2\.0\/WS /);
    expect(scene.app.registered.get("anna")).toMatch(/;transport=ws$/);
    const { dialog, id } = await scene.callAgent();
    await scene.farHears(id);
    await dialog.destroy();
  });

  it("[SG-1] asks for fresh credentials when the registrar refuses the old ones", async () => {
    await scene.run("close");
    scene.app.registered.clear();
    await scene.start("expired", "secret");
    await scene.page.waitForFunction(() => window.bridge.agent.seen.up && window.bridge.agent.seen.accountsAsked > 0);
    expect(scene.app.registered.has("anna")).toBe(true);
  });

  it("closes without a word about its calls: they go on elsewhere", async () => {
    const { dialog } = await scene.callAgent();
    const said: string[] = [];
    dialog.on("destroy", () => said.push("BYE"));
    expect(await scene.run("close")).toBeNull();
    expect(await scene.legs()).toEqual([]);
    expect(await scene.page.locator("audio").count()).toBe(0);
    expect(said).toEqual([]);
    expect(scene.app.registered.has("anna")).toBe(true);
  });

  it("[SE-1] comes back after the connection was lost, and drops what the server no longer knows", async () => {
    await scene.callAgent();
    const ports = [scene.engine.ws, scene.engine.admin] as const;
    await scene.engine.stop();
    await scene.page.waitForFunction(() => !window.bridge.agent.seen.up);
    scene.app.registered.clear();
    scene.engine = await startEngine(...ports);
    await scene.isUp();
    expect(scene.app.registered.has("anna")).toBe(true);
    expect(await scene.legs()).toHaveLength(1);
    await scene.run("keepOnly", []);
    await scene.page.waitForFunction(() => window.bridge.agent.seen.legs.length === 0);
    await scene.callAgent();
    expect(await scene.legs()).toHaveLength(1);
  });

  it("[SE-1] opens another connection when nobody answers on the one that looks open", async () => {
    await scene.newPage(countSockets);
    expect(await sockets()).toBe(1);
    scene.engine.freeze();
    await scene.page.evaluate(() => window.dispatchEvent(new Event("online"))); // registers, and waits for timer F (RFC 3261 17.1.2)
    await scene.page.waitForFunction(() => !window.bridge.agent.seen.up, undefined, { timeout: 60_000 });
    scene.engine.thaw();
    await scene.isUp();
    expect(await sockets()).toBeGreaterThan(1);
  });
});
