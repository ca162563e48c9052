// Requests that the RFCs let a server refuse before it looks at what is wanted, and answers that cross a hang-up.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { waitFor } from "../src/clock.js";
import { hearsMusic } from "../src/music.js";
import { PhoneAgent } from "../src/phone-agent.js";
import { Product } from "../src/product.js";
import { RtpCustomer } from "../src/rtp-customer.js";
import { CARRIER_PORT, SUPPORT_NUMBER, TRUNK_PORT } from "../src/site.js";
import { reply } from "../src/sip-socket.js";
import { header, type SipText, statusOf } from "../src/sip-text.js";

const CUSTOMER = 440;

let product: Product;
let customer: RtpCustomer;

beforeAll(async () => {
  product = await Product.start();
  customer = await RtpCustomer.create({ tone: CUSTOMER, sipPort: TRUNK_PORT });
}, 60_000);

afterAll(async () => {
  customer?.close();
  await product?.stop();
}, 30_000);

afterEach(async () => {
  customer.hangUp();
  await product.isEmpty();
  expect(product.crashes).toEqual([]);
}, 30_000);

describe("an INVITE", () => {
  it("[SG-5] that requires what we do not know gets 420, and says what; what we know is no obstacle", async () => {
    const call = customer.dial(product.uri(SUPPORT_NUMBER), [["Require", "timer, teleportation"]]);
    expect(await call.ended()).toMatchObject({ by: "refused", status: 420 });
    const refusal = customer.socket.trace.find((text) => text.includes("SIP/2.0 420"));
    expect(refusal).toMatch(/^Unsupported: teleportation\r?$/m);
    await customer.dial(product.uri(SUPPORT_NUMBER), [["Require", "timer"]]).answered();
  }, 20_000);

  it("[SG-5] that comes again on another way gets 482, and the call goes on", async () => {
    const call = customer.dial(product.uri(SUPPORT_NUMBER));
    await call.answered();
    const { body, headers, start } = call.invite;
    const branch: SipText = {
      start,
      body,
      headers: headers.map(([name, value]) =>
        name === "Via" ? [name, value.replace(/branch=[^;]+/, "branch=z9hG4bKanotherway")] : [name, value],
      ),
    };
    const answer = await new Promise<SipText>((resolve) =>
      customer.socket.request(branch, { host: "127.0.0.1", port: product.ports["sip"]! }, (response) => {
        if (statusOf(response) >= 200) resolve(response);
      }),
    );
    expect(statusOf(answer)).toBe(482);
    await hearsMusic(customer, [CUSTOMER]);
    expect(call.state.phase).toBe("up");
  }, 20_000);
});

describe("a number that answers in the moment it is given up", () => {
  it("[SG-4] gets an ACK and a BYE for its late 200", async () => {
    const carrier = await RtpCustomer.create({ name: "the number", tone: 1000, sipPort: CARRIER_PORT });
    const eva = await PhoneAgent.open(product, "eva", "2001", 700);
    try {
      const call = eva.phone.dial("+4722000101");
      const outside = await carrier.rings();
      await call.ringing();
      const requests: string[] = [];
      // From now on the number is deaf to CANCEL and answers instead.
      carrier.socket.listen(header(outside.invite, "call-id"), (request) => {
        const method = request.start.split(" ")[0]!;
        requests.push(method);
        if (method === "ACK") return;
        carrier.socket.respond(request, reply(request, 200, "OK"));
        if (method === "CANCEL") outside.answer();
      });
      call.cancel();
      await waitFor(() => (requests.includes("BYE") ? undefined : `only ${requests.join(", ")}`));
      expect(requests.filter((method, i) => requests.indexOf(method) === i)).toEqual(["CANCEL", "ACK", "BYE"]);
      await eva.isInState("idle");
    } finally {
      carrier.close();
      eva.close();
    }
  }, 30_000);
});
