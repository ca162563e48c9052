import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { Supervised } from "../../lib/supervised.mjs";

const listen = "require('net').createServer().listen(Number(process.env.PORT), '127.0.0.1');";
const STUBBORN = `process.on('SIGTERM', () => {}); ${listen}`;

let dir;
let child;
let port;

beforeEach(async () => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), "supervised-"));
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  port = server.address().port;
  await new Promise((resolve) => server.close(resolve));
});

afterEach(async () => {
  await child.stop(0);
  fs.rmSync(dir, { recursive: true });
});

function supervise(program, options = {}) {
  child = new Supervised(
    {
      name: "program",
      command: process.execPath,
      args: ["-e", program],
      env: { PORT: String(port) },
      health: { tcp: { host: "127.0.0.1", port } },
    },
    { logDir: dir, ...options },
  );
  child.start();
  return child;
}

describe("Supervised", () => {
  it("is ready when the health check answers", async () => {
    await supervise(listen).ready(10_000);
    expect(child.running).toBe(true);
  });

  it("says with the program's last words why it is not ready", async () => {
    supervise("console.error('no database here'); process.exit(3)", { restarts: false });
    await expect(child.ready(10_000)).rejects.toThrow(/ended while starting[^]*no database here/);
  });

  it("starts a crashed program again", async () => {
    await supervise(listen).ready(10_000);
    const first = child.pid;
    const again = once(child, "started");
    child.kill("SIGKILL");
    await again;
    await child.ready(10_000);
    expect(child.pid).not.toBe(first);
  });

  it("shows the errors of a JSON log and nothing of its information", async () => {
    const shown = [];
    supervise(`console.log('{"level":30,"msg":"fine"}'); console.log('{"level":50,"msg":"bad"}'); ${listen}`);
    child.on("error-line", (text) => shown.push(text));
    await child.ready(10_000);
    expect(shown).toEqual(["bad"]);
  });

  it("ends a program that does not drain in time", async () => {
    await supervise(STUBBORN).ready(10_000);
    await child.stop(200);
    expect(child.running).toBe(false);
  });
});
