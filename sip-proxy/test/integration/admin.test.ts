// The administration over real HTTP, with a real database: who may, what is checked, what changes at once, what is written down.
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { ApiClient, ProxyProcess } from "../support/proxy-process.js";
import { waitFor } from "../support/wait-for.js";

const site = {
  domain: "legwork.test",
  country: "NO",
  policy: { "wrap-up.default": "resolved" },
  agents: [
    { id: "chief", name: "Chief", password: "chief-password", role: "admin" },
    { id: "anna", name: "Anna", password: "anna-password" },
    { id: "sofie", name: "Sofie", password: "sofie-password", role: "supervisor" },
    { id: "eva", name: "Eva", password: "eva-password", extension: "2001", phonePassword: "phone-password" },
  ],
  queues: [{ id: "support", name: "Support", agents: ["anna"] }],
  entryPoints: [{ id: "line", name: "Line", number: "+4780010001", queue: "support" }],
  wrapUpReasons: [{ id: "resolved", label: "Resolved", labelNb: "Løst" }],
  idleReasons: [{ id: "not-ready", label: "Not ready", labelNb: "Ikke klar" }],
  trunks: [],
};

jest.setTimeout(60_000); // passwords are hashed slowly on purpose, and more so on a busy machine

let proxy: ProxyProcess;
let admin: ApiClient;

beforeAll(async () => {
  proxy = await ProxyProcess.start(site);
  admin = new ApiClient(proxy);
  expect(await admin.signIn("chief", "chief-password")).toBe(201);
}, 180_000);

afterAll(() => proxy.close());

const signedIn = async (agent: string, password = `${agent}-password`, more: object = {}): Promise<ApiClient> => {
  const client = new ApiClient(proxy);
  expect(await client.signIn(agent, password, more)).toBe(201);
  return client;
};
const newest = async (count: number) => (await admin.get(`/api/admin/audit?limit=${count}`)).body.entries;

describe("the administration", () => {
  it("[CO-11] logs what it refused to whom, and nothing of what was sent along", async () => {
    const target = { kind: "number", number: "+4798765432" };
    const asked = await admin.post("/api/interactions/i-nowhere/commands", { type: "consult", target });
    expect(asked.status).toBe(404);
    const line = (): string | undefined => proxy.log.split("\n").find((one) => one.includes("i-nowhere"));
    await waitFor(() => (line() ? undefined : "the refusal in the log"));
    expect(JSON.parse(line()!)).toMatchObject({
      msg: "a request was refused",
      agent: "chief",
      method: "POST",
      path: "/api/interactions/i-nowhere/commands",
      command: "consult",
      code: "not-found",
    });
    expect(proxy.log).not.toContain("98765432");
  });

  it("[DI-1] is closed to everybody but the role admin, and to who is not signed in", async () => {
    expect(await new ApiClient(proxy).get("/api/admin/agents")).toMatchObject({ status: 401 });
    for (const id of ["anna", "sofie"]) {
      const client = await signedIn(id);
      for (const asked of [
        client.get("/api/admin/agents"),
        client.get("/api/admin/audit"),
        client.post("/api/admin/queues", { id: "mine", name: "Mine", agents: [] }),
        client.patch(`/api/admin/agents/${id}`, { role: "admin" }),
        client.delete("/api/admin/agents/chief"),
      ])
        expect(await asked).toMatchObject({ status: 403, body: { error: { code: "forbidden" } } });
      await client.delete("/api/session");
    }
    expect((await admin.get("/api/admin/queues")).body).toEqual({ queues: site.queues });
  });

  it("[DI-1] takes no change without the session's token", async () => {
    const body = { id: "spoofed", name: "Spoofed", agents: [] };
    const refused = { status: 403, body: { error: { code: "csrf" } } };
    expect(await admin.withoutToken("POST", "/api/admin/queues", body)).toMatchObject(refused);
    expect(await admin.withoutToken("DELETE", "/api/admin/agents/anna")).toMatchObject(refused);
  });

  it("[DI-1] tells every mistake with its place, and changes nothing", async () => {
    const before = (await admin.get("/api/admin/agents")).body;
    const shape = await admin.post("/api/admin/agents", { id: "No Id", name: "", password: "x", surprise: 1 });
    expect(shape).toMatchObject({ status: 400, body: { error: { code: "bad-request" } } });
    const places = shape.body.error.mistakes.map((m: { path: string[] }) => m.path.join("."));
    expect(places).toEqual(expect.arrayContaining(["id", "name", "password", ""]));
    const references = await admin.post("/api/admin/queues", {
      id: "sales",
      name: "Sales",
      agents: ["x", "anna", "y"],
    });
    expect(references.body.error.mistakes).toEqual([
      { path: ["agents", 0], message: 'no agent "x"' },
      { path: ["agents", 2], message: 'no agent "y"' },
    ]);
    expect(await admin.delete("/api/admin/queues/support")).toMatchObject({
      status: 400,
      body: { error: { mistakes: [{ path: ["entryPoints", "line", "queue"] }] } },
    });
    expect(await admin.patch("/api/admin/agents/chief", { role: "agent" })).toMatchObject({ status: 400 });
    expect(await admin.patch("/api/admin/experts/nobody", { name: "X" })).toMatchObject({ status: 404 });
    expect(await admin.get("/api/admin/audit?limit=none")).toMatchObject({ status: 400 });
    expect((await admin.get("/api/admin/agents")).body).toEqual(before);
    expect((await newest(1))[0]).toMatchObject({ kind: "session" });
  });

  it("[DI-1] lists, adds, changes and removes every kind of thing", async () => {
    const all: [string, string, { id: string }, object][] = [
      ["agents", "agents", { id: "tmp", name: "Tmp", password: "tmp-password" } as { id: string }, { name: "T" }],
      ["queues", "queues", { id: "tmp", name: "Tmp", agents: ["anna"] } as { id: string }, { agents: ["eva"] }],
      [
        "entry-points",
        "entryPoints",
        { id: "tmp", name: "Tmp", number: "+4780010009", queue: "support" } as { id: string },
        { name: "T" },
      ],
      ["wrap-up-reasons", "wrapUpReasons", { id: "tmp", label: "A", labelNb: "B" } as { id: string }, { label: "C" }],
      ["idle-reasons", "idleReasons", { id: "tmp", label: "A", labelNb: "B" } as { id: string }, { label: "C" }],
      [
        "experts",
        "experts",
        { id: "tmp", name: "Tmp", role: "Doctor", department: "A", number: "22334455" } as { id: string },
        { number: null },
      ],
      ["dial-numbers", "dialNumbers", { id: "tmp", name: "Taxi", number: "02323" } as { id: string }, { name: "Cab" }],
    ];
    for (const [place, kind, thing, change] of all) {
      const added = await admin.post(`/api/admin/${place}`, thing);
      expect(added).toMatchObject({ status: 201, body: { id: "tmp" } });
      const changed = await admin.patch(`/api/admin/${place}/tmp`, change);
      expect(changed).toEqual({ status: 200, body: { ...added.body, ...change } });
      expect((await admin.get(`/api/admin/${place}`)).body[kind]).toContainEqual(changed.body);
      expect(await admin.delete(`/api/admin/${place}/tmp`)).toEqual({ status: 200, body: { ok: true } });
      expect((await admin.get(`/api/admin/${place}`)).body[kind]).not.toContainEqual(changed.body);
      const log = await newest(3);
      expect(log.map((e: { action: string }) => e.action)).toEqual(["removed", "changed", "added"]);
      for (const entry of log) expect(entry).toMatchObject({ who: "chief", kind, subject: "tmp" });
      expect([log[1].before, log[1].after]).toEqual([added.body, changed.body]);
    }
  });

  it("[DI-1] shows agents a change at once, and lets a new one in", async () => {
    const anna = await signedIn("anna");
    await admin.post("/api/admin/agents", { id: "ny", name: "Ny", password: "ny-password" });
    const ny = await signedIn("ny");
    expect((await anna.get("/api/directory/agents")).body.agents).toContainEqual(
      expect.objectContaining({ id: "ny", name: "Ny", state: { kind: "idle", reason: "not-ready" } }),
    );
    await admin.patch("/api/admin/agents/anna", { name: "Anna Berg", role: "supervisor" });
    await admin.post("/api/admin/wrap-up-reasons", { id: "sold", label: "Sold", labelNb: "Solgt" });
    await admin.post("/api/admin/queues", { id: "sales", name: "Sales", agents: ["ny"] });
    await admin.post("/api/admin/entry-points", { id: "sales-line", name: "S", number: "+4780010002", queue: "sales" });
    expect((await anna.get("/api/session")).body.agent).toEqual({ id: "anna", name: "Anna Berg", role: "supervisor" });
    expect((await anna.get("/api/desktop")).body).toMatchObject({
      agent: { name: "Anna Berg", role: "supervisor" },
      wrapUpReasons: [{ id: "resolved" }, { id: "sold" }],
    });
    expect((await anna.get("/api/directory/entry-points")).body.entryPoints).toContainEqual(
      expect.objectContaining({ id: "sales-line", queue: "Sales" }),
    );
    await admin.patch("/api/admin/agents/ny", { role: "admin" });
    expect((await ny.get("/api/admin/queues")).status).toBe(200);
    await ny.patch("/api/admin/agents/ny", { role: "agent" });
    expect((await ny.get("/api/admin/queues")).status).toBe(403);
    await admin.delete("/api/admin/agents/ny");
    expect((await admin.get("/api/admin/queues")).body.queues).toContainEqual({
      id: "sales",
      name: "Sales",
      agents: [],
    });
    await anna.delete("/api/session");
  });

  it("[DI-1] ends the sessions of who is removed, disabled or gets a new password", async () => {
    await admin.post("/api/admin/agents", { id: "go", name: "Go", password: "first-password" });
    const go = await signedIn("go", "first-password");
    await admin.patch("/api/admin/agents/go", { password: "second-password" });
    expect((await go.get("/api/desktop")).status).toBe(401);
    expect(await new ApiClient(proxy).signIn("go", "first-password")).toBe(401);
    const again = await signedIn("go", "second-password");
    await admin.patch("/api/admin/agents/go", { disabled: true });
    expect((await again.get("/api/desktop")).status).toBe(401);
    expect(await new ApiClient(proxy).signIn("go", "second-password")).toBe(401);
    await admin.patch("/api/admin/agents/go", { disabled: false });
    const last = await signedIn("go", "second-password");
    await admin.delete("/api/admin/agents/go");
    expect((await last.get("/api/desktop")).status).toBe(401);
    expect(await new ApiClient(proxy).signIn("go", "second-password")).toBe(401);
    await admin.patch("/api/admin/agents/chief", { password: "chief-password" });
    expect((await admin.get("/api/desktop")).status).toBe(200); // one's own
  });

  it("[DI-1] takes a telephone's password with its extension, and never tells it", async () => {
    const eva = await signedIn("eva", "eva-password", { station: { kind: "extension", extension: "2001" } });
    expect(await admin.patch("/api/admin/agents/eva", { extension: "2009" })).toMatchObject({
      status: 400,
      body: { error: { mistakes: [{ path: ["phonePassword"] }] } },
    });
    const changed = await admin.patch("/api/admin/agents/eva", { extension: "2009", phonePassword: "other-password" });
    expect(changed).toMatchObject({ status: 200, body: { extension: "2009", phonePassword: true } });
    expect((await eva.get("/api/desktop")).status).toBe(401); // the phone they sat at is not theirs any more
    const answers = [await admin.get("/api/admin/agents"), await admin.get("/api/admin/audit?limit=500")];
    expect(JSON.stringify([answers, changed])).not.toMatch(/password"?:"|-password|scrypt|sha256|md5/);
  });

  it("[DI-1] writes down who signed in and out and who failed to, page by page, and never what they typed", async () => {
    const anna = await signedIn("anna");
    await anna.delete("/api/session");
    expect(await new ApiClient(proxy).signIn("anna", "wrong-secret")).toBe(401);
    expect(await new ApiClient(proxy).signIn("a-password-by-mistake", "x")).toBe(401);
    const log = await newest(4);
    const [address, why] = ["127.0.0.1", "bad-credentials"];
    expect(log.map(({ id: _id, at: _at, ...entry }: Record<string, unknown>) => entry)).toEqual(
      [
        { action: "sign-in-failed", who: null, subject: "", after: { address, why } },
        { action: "sign-in-failed", who: null, subject: "anna", after: { address, why } },
        { action: "signed-out", who: "anna", subject: "anna", after: null },
        { action: "signed-in", who: "anna", subject: "anna", after: { station: "browser", address, takeOver: false } },
      ].map((entry) => ({ ...entry, kind: "session", before: null })),
    );
    const older = (await admin.get(`/api/admin/audit?before=${log[1].id}&limit=2`)).body.entries;
    expect(older).toEqual(log.slice(2));
    expect(proxy.log).not.toMatch(/wrong-secret|a-password-by-mistake/);
  });

  it("[DI-1] tells a page why its session ended: on its event stream, and when it asks again", async () => {
    const ends: Record<string, (id: string) => Promise<unknown>> = {
      "taken-over": (id) => signedIn(id, "first-password", { takeOver: true }),
      "password-changed": (id) => admin.patch(`/api/admin/agents/${id}`, { password: "second-password" }),
      disabled: (id) => admin.patch(`/api/admin/agents/${id}`, { disabled: true }),
      removed: (id) => admin.delete(`/api/admin/agents/${id}`),
      "signed-out": () => Promise.resolve(),
    };
    for (const [ended, end] of Object.entries(ends)) {
      const id = `ends-${ended}`.slice(0, 31);
      await admin.post("/api/admin/agents", { id, name: id, password: "first-password" });
      const page = await signedIn(id, "first-password");
      const stream = await page.stream("/api/events");
      await (ended === "signed-out" ? page.delete("/api/session") : end(id));
      const events = (await stream.text()).trim().split("\n\n");
      expect(events.at(-1)).toBe(`event: end\ndata: ${JSON.stringify({ ended })}`);
      expect((await page.get("/api/desktop")).status).toBe(401);
      if (ended === "signed-out") continue; // the cookie is gone, too
      expect((await page.get("/api/session")).body.error).toMatchObject({ code: "not-signed-in", ended });
    }
    expect((await new ApiClient(proxy).get("/api/session")).body.error).not.toHaveProperty("ended");
  });

  it("[DI-1] is described in the OpenAPI document, from the schemas it is checked with", async () => {
    const { paths } = (await admin.get("/api/openapi.json")).body;
    expect(Object.keys(paths["/api/admin/agents/{id}"])).toEqual(["patch", "delete"]);
    const properties = paths["/api/admin/agents"].post.requestBody.content["application/json"].schema.properties;
    expect(Object.keys(properties)).toEqual(expect.arrayContaining(["id", "password", "phonePassword", "disabled"]));
    expect(paths["/api/admin/audit"].get.parameters.map((p: { name: string }) => p.name)).toEqual(["before", "limit"]);
  });
});

describe("the administration and kill -9", () => {
  let first: ProxyProcess;
  beforeAll(async () => {
    first = await ProxyProcess.start(site);
  }, 120_000);
  afterAll(() => first.close());

  it("[DI-1] has every change it acknowledged, and its audit entry, when it starts again", async () => {
    const client = new ApiClient(first);
    await client.signIn("chief", "chief-password");
    const acknowledged: string[] = [];
    // Answers stop in the middle of one: what was answered until then counts.
    const changing = (async () => {
      for (let n = 1; ; n++) {
        const { status } = await client.post("/api/admin/dial-numbers", {
          id: `n-${n}`,
          name: "N",
          number: `${1000 + n}`,
        });
        expect(status).toBe(201);
        acknowledged.push(`n-${n}`);
        if (acknowledged.length === 20) void first.kill();
      }
    })();
    await expect(changing).rejects.toThrow("fetch failed");
    await first.run();
    expect(await client.signIn("chief", "chief-password")).toBe(201);
    const numbers = (await client.get("/api/admin/dial-numbers")).body.dialNumbers.map((d: { id: string }) => d.id);
    const log = (await client.get("/api/admin/audit?limit=500")).body.entries;
    const written = log
      .filter((e: { kind: string }) => e.kind === "dialNumbers")
      .map((e: { subject: string }) => e.subject);
    expect(numbers).toEqual(expect.arrayContaining(acknowledged));
    expect(written.reverse()).toEqual(numbers); // both or neither
  }, 120_000);
});
