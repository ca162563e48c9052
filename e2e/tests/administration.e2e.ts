// The site changed while calls are up: desk phones, a customer, and an administrator at the API.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { waitFor } from "../src/clock.js";
import { hears } from "../src/hearing.js";
import { hearsMusic } from "../src/music.js";
import { PhoneAgent } from "../src/phone-agent.js";
import { Product } from "../src/product.js";
import { RtpCustomer } from "../src/rtp-customer.js";
import { PASSWORD, SUPPORT_NUMBER, TRUNK_PORT } from "../src/site.js";

const [CUSTOMER, ADMIN, AGENT] = [440, 700, 1000];
const phonePassword = "phone-secret";
const finn = { id: "finn", name: "Finn", password: PASSWORD, extension: "2002", phonePassword };

let product: Product;
let admin: PhoneAgent;

beforeAll(async () => {
  const agents = [{ id: "eva", name: "Eva", password: PASSWORD, role: "admin", extension: "2001", phonePassword }];
  const queues = [
    { id: "support", name: "Support", agents: [] },
    { id: "sales", name: "Sales", agents: ["eva"] },
  ];
  const entryPoints = [{ id: "support-line", name: "Support line", number: SUPPORT_NUMBER, queue: "support" }];
  product = await Product.start({}, { agents, queues, entryPoints });
  admin = await PhoneAgent.open(product, "eva", "2001", ADMIN);
}, 90_000);

afterAll(async () => {
  admin?.close();
  await product?.stop();
}, 30_000);

const change = async (method: string, path: string, body?: object): Promise<void> => {
  const { status } = await admin.call(method, `/api/admin/${path}`, body);
  expect([200, 201]).toContain(status);
};

describe("a change of the site while customers wait and talk", () => {
  it("[DI-1] [QU-1] brings a waiting customer to an agent who is new, and lets one who is removed finish the call", async () => {
    const customer = await RtpCustomer.create({ tone: CUSTOMER, sipPort: TRUNK_PORT });
    await customer.dial(product.uri(SUPPORT_NUMBER)).answered();
    await hearsMusic(customer, [ADMIN, AGENT]);

    await change("POST", "agents", finn);
    const agent = await PhoneAgent.open(product, "finn", "2002", AGENT);
    await agent.goAvailable();
    await change("PATCH", "queues/support", { agents: ["eva", "finn"] });
    (await agent.line.rings()).answer();
    await agent.isIn("connected");
    await Promise.all([
      hears(customer, { tones: [AGENT], not: [CUSTOMER] }),
      hears(agent.line, { tones: [CUSTOMER], not: [AGENT] }),
    ]);

    await change("DELETE", "agents/finn");
    await Promise.all([
      hears(customer, { tones: [AGENT], not: [CUSTOMER] }),
      hears(agent.line, { tones: [CUSTOMER], not: [AGENT] }),
    ]);
    expect(await agent.command({ type: "hold" })).toBeNull(); // the desktop goes on with it
    expect(await agent.command({ type: "unhold" })).toBeNull();
    expect(await agent.phone.register()).toBe(403);

    customer.hangUp();
    await waitFor(async () => ((await agent.call("GET", "/api/desktop")).status === 401 ? undefined : "the sign-out"));
    await product.isEmpty();
    expect((await product.dump()).wrapUps).toEqual([]); // nobody is left to submit it: the default reason
    const { body } = await admin.call("GET", "/api/admin/audit?limit=3");
    expect(body).toMatchObject({
      entries: [
        { action: "signed-out", who: null, subject: "finn" },
        { action: "removed", who: "eva", subject: "finn", before: { queues: ["support"] } },
        { action: "changed", who: "eva", subject: "support" },
      ],
    });
    customer.close();
    agent.close();
    expect(product.crashes).toEqual([]);
  }, 90_000);

  it("[DI-1] lets a telephone register with its new password only", async () => {
    await change("PATCH", "agents/eva", { phonePassword: "another-secret" });
    await waitFor(async () => ((await admin.desktop()).station.registered ? "the end of the registration" : undefined));
    expect(await admin.phone.register()).toBe(403);
    expect(await admin.phone.register("another-secret")).toBe(200);
    await waitFor(async () => ((await admin.desktop()).station.registered ? undefined : "the registration"));
  }, 30_000);
});
