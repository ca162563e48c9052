// What strangers and colleagues can write is shown as text, and the page runs nothing but its own files.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { Agent } from "../src/agent.js";
import { Desk } from "../src/desk.js";
import { PageGuard } from "../src/page-guard.js";
import { Product } from "../src/product.js";
import { RtpCustomer } from "../src/rtp-customer.js";
import { PASSWORD, SUPPORT_NUMBER, TRUNK_PORT } from "../src/site.js";

const RIGHT_TO_LEFT = "\u202e"; // RIGHT-TO-LEFT OVERRIDE: turns round what follows, as far as it reaches
const LONG = "W".repeat(128); // as long as a name may be, in one word
const HOSTILE = {
  anna: `<img src=x onerror=alert(1)>`,
  bo: `<script>alert(2)</script>`,
  cara: LONG,
  queue: `<b onmouseover=alert(3)>Support</b>`,
  second: `{{t}} <iframe srcdoc="<script>alert(4)</script>"></iframe>`,
  entryPoint: `<style>*{display:none}</style>`,
  reason: `<a href="javascript:alert(5)">Resolved</a>`,
  idle: `<object data="javascript:alert(6)"></object>`,
  expert: `"><svg onload=alert(7)>`,
  expertRole: `<base href="http://192.0.2.1/">`,
  dialNumber: `<embed src="javascript:alert(8)">`,
  customer: `<script>alert(9)</script>${RIGHT_TO_LEFT}${"W".repeat(1000)} $t(signIn.title) {{name}} <img src=x onerror=alert(10)>`,
  note: `</textarea><script>alert(11)</script><img src=x onerror=alert(12)>`,
};

const parts = {
  agents: [
    { id: "anna", name: HOSTILE.anna, password: PASSWORD },
    { id: "bo", name: HOSTILE.bo, password: PASSWORD },
    { id: "cara", name: HOSTILE.cara, password: PASSWORD },
  ],
  queues: [
    { id: "support", name: HOSTILE.queue, agents: ["anna"] },
    { id: "second", name: HOSTILE.second, agents: ["bo"] },
  ],
  entryPoints: [{ id: "support-line", name: HOSTILE.entryPoint, number: SUPPORT_NUMBER, queue: "support" }],
  wrapUpReasons: [{ id: "resolved", label: HOSTILE.reason, labelNb: HOSTILE.reason }],
  idleReasons: [{ id: "break", label: HOSTILE.idle, labelNb: HOSTILE.idle }],
  experts: [{ id: "nina", name: HOSTILE.expert, role: HOSTILE.expertRole, department: LONG, number: "22 00 01 01" }],
  dialNumbers: [{ id: "taxi", name: HOSTILE.dialNumber, number: "+4722000201" }],
};

let product: Product;
let customer: RtpCustomer;
let agent: Agent;
let guard: PageGuard;
let anna: Desk;
const addresses: string[] = [];

beforeAll(async () => {
  product = await Product.start({}, parts);
  const number = `"${HOSTILE.customer}" <sip:%3Cimg%20src=x%20onerror=alert(13)%3E@127.0.0.1>`;
  customer = await RtpCustomer.create({ tone: 440, sipPort: TRUNK_PORT, number });
  agent = await Agent.launch({ name: "anna", tone: 700, deaf: true });
  guard = await PageGuard.on(agent.page, product.page);
  agent.page.on("request", (request) => addresses.push(request.url()));
  agent.page.on("websocket", (socket) => addresses.push(socket.url()));
  anna = await Desk.openIn(agent, product, "anna");
}, 120_000);

afterAll(async () => {
  customer?.close();
  await anna?.close();
  await product?.stop();
}, 30_000);

afterEach(async () => {
  expect(await guard.findings()).toEqual([]);
  expect(agent.console.filter((line) => line.startsWith("uncaught"))).toEqual([]);
});

/** Waits until the page shows the text as it is, and needs no wider window for it. */
async function shows(text: string): Promise<void> {
  await agent.page.getByText(text).first().waitFor();
  const tooWide = await agent.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(tooWide).toBeLessThanOrEqual(0);
  expect(await agent.page.evaluate(() => document.body.textContent)).not.toContain(RIGHT_TO_LEFT);
}

describe("hostile text", () => {
  it("in the site's names is shown as it is, while the agent waits", async () => {
    await shows(HOSTILE.anna);
    await agent.page.getByTestId("agent-state").click();
    await shows(HOSTILE.idle);
    await agent.page.keyboard.press("Escape");
    await anna.goAvailable();
  }, 30_000);

  it("in a caller's name and number is shown as it is, in the offer and in the call", async () => {
    await customer.dial(product.uri(SUPPORT_NUMBER)).answered();
    await anna.see("accept");
    await shows("<script>alert(9)</script>");
    await anna.accept();
    await anna.isIn("connected");
    await shows("<script>alert(9)</script>");
    await shows(HOSTILE.entryPoint);
    await shows(HOSTILE.queue);
  }, 30_000);

  it("in every list of the dialog is shown as it is", async () => {
    const { page } = agent;
    await anna.press("consult");
    await shows(HOSTILE.bo);
    await shows(HOSTILE.cara);
    await page.getByTestId("consult-kind-queue").click();
    await shows(HOSTILE.second);
    await page.getByTestId("consult-kind-entry-point").click();
    await shows(HOSTILE.entryPoint);
    await page.getByTestId("consult-kind-number").click();
    await shows(HOSTILE.dialNumber);
    await page.getByTestId("consult-kind-expert").click();
    await page.getByTestId("consult-search").fill("svg");
    await shows(HOSTILE.expert);
    for (const _ of ["empties the search", "closes the dialog"]) await page.keyboard.press("Escape");
  }, 30_000);

  it("in reasons and notes is shown as it is, and kept as it was written", async () => {
    await anna.press("end");
    await anna.see("wrap-up-dialog");
    await shows(HOSTILE.reason);
    await agent.page.getByTestId("wrap-up-note").fill(HOSTILE.note);
    await anna.wrapUp();
    await anna.isInState("available");
    await shows("<script>alert(9)</script>"); // in the calls of today
    await product.isEmpty();
  }, 30_000);
});

describe("the Content-Security-Policy", () => {
  it("lets nothing run or load that is not the product's own", async () => {
    const { page } = agent;
    const ran = await page.evaluate(async () => {
      const doors = window as unknown as { opened: string[] };
      doors.opened = [];
      const script = document.createElement("script");
      script.textContent = "opened.push('inline script')";
      document.head.append(script);
      document.body.insertAdjacentHTML(
        "beforeend",
        `<img id="hostile" src="http://192.0.2.1/" onerror="opened.push('handler')"><iframe id="hostile-frame" srcdoc="<script>parent.opened.push('frame')</script>"></iframe>`,
      );
      const data = document.createElement("script");
      data.src = "data:text/javascript,opened.push('data')";
      const blocked = new Promise((resolve) => (data.onerror = resolve));
      document.head.append(data);
      await blocked;
      const fetched = await fetch("http://192.0.2.1/").then(
        () => "fetched",
        (error: Error) => error.name,
      );
      document
        .querySelectorAll("#hostile, #hostile-frame, script:not([src]), script[src^=data]")
        .forEach((e) => e.remove());
      return { opened: doors.opened, fetched };
    });
    expect(ran).toEqual({ opened: [], fetched: "TypeError" });
    const directives = new Set((await guard.violations()).map((each) => each.split(":")[0]));
    expect([...directives].sort()).toEqual(["connect-src", "img-src", "script-src-attr", "script-src-elem"]);
    guard.forget();
    await page.reload(); // with a clean list of violations
    await anna.see("agent-state");
  }, 30_000);

  it("forbids inline scripts, eval, other origins and frames around the page", async () => {
    const { headers } = await fetch(product.page);
    const policy = new Map(
      headers
        .get("content-security-policy")!
        .split(";")
        .map((each) => [each.split(" ")[0]!, each.split(" ").slice(1).join(" ")]),
    );
    const wanted = {
      "default-src": "'self'",
      "script-src": "'self'",
      "connect-src": "'self'",
      "object-src": "'none'",
      "frame-ancestors": "'none'",
      "base-uri": "'self'",
      "form-action": "'self'",
    };
    expect(Object.fromEntries([...policy].filter(([name]) => name in wanted))).toEqual(wanted);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
  });
});

describe("secrets", () => {
  it("are in no address, no storage, no element of the page, and in none of the product's logs", async () => {
    const { page, context } = agent;
    const session = (await anna.call("GET", "/api/session")).body as { csrf: string; sip: { password: string } };
    const cookies = await context.cookies();
    expect(cookies.map(({ name, httpOnly, sameSite }) => ({ name, httpOnly, sameSite }))).toEqual([
      { name: "legwork", httpOnly: true, sameSite: "Strict" },
    ]);
    const mistyped = "Trollstigen-4711"; // somebody's, very likely
    const body = JSON.stringify({ agent: "anna", password: mistyped, station: { kind: "browser" } });
    const headers = { "Content-Type": "application/json" };
    const refused = await fetch(new URL("/api/session", product.page), { method: "POST", headers, body });
    expect(refused.status).toBe(401);
    const secrets = [session.csrf, session.sip.password, cookies[0]!.value, mistyped];
    const shown = await page.evaluate(() =>
      [
        location.href,
        document.cookie,
        document.documentElement.outerHTML,
        JSON.stringify({ ...localStorage, ...sessionStorage }),
      ].join("\n"),
    );
    const written = [shown, ...addresses, ...agent.console, product.logs(Infinity)].join("\n");
    expect(written.length).toBeGreaterThan(10_000);
    expect(secrets.filter((secret) => written.includes(secret))).toEqual([]);
  }, 30_000);
});
