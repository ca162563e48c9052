// Whose address it is, behind a reverse proxy and without one; and what the page's files look like on the wire.
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { ApiClient, ProxyProcess } from "../support/proxy-process.js";

jest.setTimeout(60_000);

const site = {
  domain: "legwork.test",
  country: "NO",
  policy: { "wrap-up.default": "resolved" },
  agents: [{ id: "chief", name: "Chief", password: "chief-password", role: "admin" }],
  queues: [{ id: "support", name: "Support", agents: [] }],
  entryPoints: [{ id: "line", name: "Line", number: "+4780010001", queue: "support" }],
  wrapUpReasons: [{ id: "resolved", label: "Resolved", labelNb: "Løst" }],
  idleReasons: [{ id: "not-ready", label: "Not ready", labelNb: "Ikke klar" }],
  trunks: [],
};
const SCRIPT = `${"export const answer = 42;\n".repeat(1000)}`;

const page = fs.mkdtempSync(path.join(os.tmpdir(), "legwork-page-"));

let behind: ProxyProcess;
let alone: ProxyProcess;

beforeAll(async () => {
  fs.writeFileSync(path.join(page, "page.js"), SCRIPT);
  behind = await ProxyProcess.start(site, { LEGWORK_TRUST_PROXY: "loopback", LEGWORK_PAGE_DIR: page });
  alone = await ProxyProcess.start(site);
}, 180_000);
afterAll(async () => {
  fs.rmSync(page, { recursive: true, force: true });
  await behind.close();
  await alone.close();
});

/** A sign-in as a reverse proxy passes it on, whatever the client wrote into the header before. */
const signIn = (proxy: ProxyProcess, forwardedFor: string, body: object): Promise<Response> =>
  fetch(new URL("/api/session", proxy.url), {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Forwarded-For": forwardedFor },
    body: JSON.stringify(body),
  });
async function addressInAudit(proxy: ProxyProcess, forwardedFor: string): Promise<string> {
  await signIn(proxy, forwardedFor, { agent: "chief", password: "wrong" });
  const admin = new ApiClient(proxy);
  await admin.signIn("chief", "chief-password", { takeOver: true });
  const { entries } = (await admin.get("/api/admin/audit?limit=10")).body;
  return entries.find((e: { action: string }) => e.action === "sign-in-failed").after.address;
}

describe("the address of a client", () => {
  it("[DI-1] is what a trusted reverse proxy says, not what the client told that proxy", async () => {
    expect(await addressInAudit(behind, "203.0.113.7")).toBe("203.0.113.7");
    expect(await addressInAudit(behind, "198.51.100.1, 203.0.113.8")).toBe("203.0.113.8");
    expect(await addressInAudit(behind, "2001:db8::7")).toBe("2001:db8::7");
  });

  it("[DI-1] is the connection's when no proxy is trusted, whatever the client says", async () => {
    expect(await addressInAudit(alone, "203.0.113.7")).toBe("127.0.0.1");
  });

  it("[SG-6] is what guesses are counted by, and only guesses", async () => {
    const tries = (proxy: ProxyProcess, count: number, address: (n: number) => string, password = "a-guess") =>
      Promise.all(
        Array.from({ length: count }, async (_, n) => {
          const answer = await signIn(proxy, address(n), { agent: "nobody", password });
          return [answer.status, answer.headers.get("Retry-After")];
        }),
      );
    const guesses = await tries(behind, 8, () => "203.0.113.9");
    expect(guesses.slice(0, 5)).toEqual(Array(5).fill([401, null]));
    expect(guesses.slice(5)).toEqual(Array(3).fill([429, "1"]));
    expect(await tries(behind, 1, () => "203.0.113.10")).toEqual([[401, null]]);
    const pretending = await tries(alone, 8, (n) => `203.0.113.${n}`);
    expect(pretending.map(([status]) => status)).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
  });
});

describe("the page's files", () => {
  it("are sent compressed to who takes it, and the API's answers are not", async () => {
    const get = (file: string, encoding: string) =>
      fetch(new URL(file, behind.url), { headers: { "Accept-Encoding": encoding } });
    const script = await get("/page.js", "gzip");
    expect([script.headers.get("content-encoding"), script.headers.get("vary")]).toEqual(["gzip", "Accept-Encoding"]);
    expect(await script.text()).toBe(SCRIPT);
    expect((await get("/page.js", "identity")).headers.get("content-encoding")).toBeNull();
    expect((await get("/api/openapi.json", "gzip")).headers.get("content-encoding")).toBeNull();
  });
});
