// What another system tells of the experts of a site, over real HTTP.
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { expertList, type ExpertListing } from "@legwork/shared/api";
import { ApiClient, ProxyProcess } from "../support/proxy-process.js";

jest.setTimeout(60_000);

const TOKEN = "an-integration-token-of-32-chars";
const site = {
  domain: "legwork.test",
  country: "NO",
  policy: { "wrap-up.default": "resolved" },
  agents: [
    { id: "anna", name: "Anna", password: "anna-password", extension: "2001" },
    { id: "bo", name: "Bo", password: "bo-password" },
  ],
  queues: [{ id: "support", name: "Support", agents: ["anna"] }],
  entryPoints: [{ id: "line", name: "Line", number: "+4780010001", queue: "support" }],
  wrapUpReasons: [{ id: "resolved", label: "Resolved", labelNb: "Løst" }],
  idleReasons: [{ id: "not-ready", label: "Not ready", labelNb: "Ikke klar" }],
  experts: [
    { id: "ingrid", name: "Ingrid", role: "Actuary", department: "Pensions", number: "+4722334455" },
    { id: "anna-s", name: "Anna S", role: "Agent", department: "Support", number: "2001" },
  ],
  trunks: [],
};

let proxy: ProxyProcess;
let agent: ApiClient;

beforeAll(async () => {
  proxy = await ProxyProcess.start(site, { LEGWORK_INTEGRATION_TOKEN: TOKEN });
  agent = new ApiClient(proxy);
  expect(await agent.signIn("bo", "bo-password")).toBe(201);
}, 180_000);
afterAll(() => proxy.close());

async function tell(expert: string, body: unknown, token: string | null = TOKEN) {
  const answer = await fetch(new URL(`/api/directory/experts/${expert}/presence`, proxy.url), {
    method: "PUT",
    headers: { "Content-Type": "application/json", ...(token !== null && { Authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  const { error } = (await answer.json()) as { error?: { code: string } };
  return error ? `${answer.status} ${error.code}` : answer.status;
}
async function presenceOf(id: string): Promise<ExpertListing["presence"]> {
  const list = expertList.parse((await agent.get("/api/directory/experts")).body);
  return list.experts.find((e) => e.id === id)?.presence;
}

describe("the presence of experts", () => {
  it("[DF-4] is told by the system they work with, and shown with its time", async () => {
    expect(await presenceOf("ingrid")).toBeNull();
    const at = new Date(Date.now() - 60_000).toISOString();
    expect(await tell("ingrid", { state: "busy", at })).toBe(200);
    expect(await presenceOf("ingrid")).toEqual({ state: "busy", asOf: at, stale: false });
    const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
    expect(await tell("ingrid", { state: "away", at: hourAgo })).toBe(200); // late: something newer is known
    expect(await presenceOf("ingrid")).toMatchObject({ state: "busy" });
  });

  it("[DF-4] is seen here for who has a station here", async () => {
    expect(await presenceOf("anna-s")).toMatchObject({ state: "offline", stale: false });
  });

  it("[DF-4] is taken from nobody without the token, agents included, and only as it should be", async () => {
    for (const token of [null, "", "guess", `${TOKEN}x`])
      expect(await tell("ingrid", { state: "away" }, token)).toBe("401 bad-credentials");
    const put = await agent.withoutToken("PUT", "/api/directory/experts/ingrid/presence", { state: "away" });
    expect(put.status).toBe(401);
    for (const body of [{}, { state: "asleep" }, { state: "away", at: "soon" }, { state: "away", more: 1 }, []])
      expect(await tell("ingrid", body)).toBe("400 bad-request");
    expect(await tell("ingrid", { state: "away", at: "2099-01-01T00:00:00Z" })).toBe("400 bad-request");
    expect(await tell("nobody", { state: "away" })).toBe("404 not-found");
    expect(await presenceOf("ingrid")).toMatchObject({ state: "busy" });
    expect(proxy.log).not.toContain(TOKEN);
  });

  it("[DF-4] is described in the OpenAPI document", async () => {
    const { components, paths } = (await agent.get("/api/openapi.json")).body;
    const { put } = paths["/api/directory/experts/{expert}/presence"];
    expect([put.security, components.securitySchemes.integration]).toEqual([
      [{ integration: [] }],
      { type: "http", scheme: "bearer" },
    ]);
  });
});
