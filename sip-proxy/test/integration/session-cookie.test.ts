// What the session's cookie and the headers beside it say, with TLS in front and without.
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { ProxyProcess } from "../support/proxy-process.js";

jest.setTimeout(60_000);

const site = {
  domain: "legwork.test",
  country: "NO",
  policy: { "wrap-up.default": "resolved" },
  agents: [{ id: "anna", name: "Anna", password: "anna-password" }],
  queues: [{ id: "support", name: "Support", agents: ["anna"] }],
  entryPoints: [{ id: "line", name: "Line", number: "+4780010001", queue: "support" }],
  wrapUpReasons: [{ id: "resolved", label: "Resolved", labelNb: "Løst" }],
  idleReasons: [{ id: "not-ready", label: "Not ready", labelNb: "Ikke klar" }],
  trunks: [],
};

let withTls: ProxyProcess;
let without: ProxyProcess;

beforeAll(async () => {
  withTls = await ProxyProcess.start(site, { LEGWORK_SECURE_COOKIES: "1" });
  without = await ProxyProcess.start(site);
}, 120_000);
afterAll(async () => {
  await withTls.close();
  await without.close();
});

const session = (proxy: ProxyProcess, method: string, headers: Record<string, string>, body?: object) =>
  fetch(new URL("/api/session", proxy.url), {
    method,
    headers: { "Content-Type": "application/json", ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
const signIn = (proxy: ProxyProcess) =>
  session(
    proxy,
    "POST",
    {},
    { agent: "anna", password: "anna-password", station: { kind: "browser" }, takeOver: true },
  );
const flagsOf = (answer: Response) =>
  (answer.headers.getSetCookie()[0] ?? "")
    .split("; ")
    .slice(1)
    .filter((flag) => !flag.startsWith("Max-Age"));

describe("the session's cookie", () => {
  it("is for no script and no other site, and behind TLS never sent in the clear", async () => {
    expect(flagsOf(await signIn(withTls))).toEqual(["Path=/", "HttpOnly", "Secure", "SameSite=Strict"]);
    expect(flagsOf(await signIn(without))).toEqual(["Path=/", "HttpOnly", "SameSite=Strict"]);
  });

  it("is taken back, and good for nothing more, when the agent signs out", async () => {
    const answer = await signIn(withTls);
    const cookie = answer.headers.getSetCookie()[0]!.split(";")[0]!;
    const { csrf } = (await answer.json()) as { csrf: string };
    const out = await session(withTls, "DELETE", { cookie, "X-CSRF-Token": csrf });
    expect(out.headers.getSetCookie()[0]).toMatch(/^legwork=; Max-Age=0; /);
    expect((await session(withTls, "GET", { cookie })).status).toBe(401);
  });

  it("is beside headers that keep the browser on TLS where there is TLS", async () => {
    const of = async (proxy: ProxyProcess) => {
      const { headers } = await fetch(new URL("/health", proxy.url));
      const policy = headers.get("content-security-policy") ?? "";
      return [headers.has("strict-transport-security"), policy.includes("upgrade-insecure-requests")];
    };
    expect([await of(withTls), await of(without)]).toEqual([
      [true, true],
      [false, false],
    ]);
  });
});
