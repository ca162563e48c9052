import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { PhoneScene } from "../support/phone-scene.js";
import type { Dialog, SrfRequest, SrfResponse } from "../support/sip-app.js";

jest.setTimeout(60_000);

let scene: PhoneScene;

beforeAll(async () => {
  scene = await PhoneScene.open();
});

afterAll(() => scene?.close());

beforeEach(() => scene.newPage());

const notify = (dialog: Dialog, status: number) =>
  dialog.request({
    method: "NOTIFY",
    headers: {
      Event: "refer",
      "Subscription-State": status === 100 ? "active;expires=60" : "terminated;reason=noresource",
      "Content-Type": "message/sipfrag;version=2.0",
    },
    body: `SIP/2.0 ${status} Whatever\r\n`,
  });

describe("REFER at the browser's phone", () => {
  it("[SG-3] transfers with a Replaces that names the other dialog, settled by the final NOTIFY", async () => {
    const { dialog, id } = await scene.callAgent();
    const consult = await scene.consult();
    const [customer, other] = await scene.legs();
    const statuses = [503, 200];
    const referTos: string[] = [];
    dialog.on("refer", (req: SrfRequest, res: SrfResponse) => {
      referTos.push(req.get("Refer-To"));
      res.send(202);
      void notify(dialog, 100).then(() => notify(dialog, statuses.shift() ?? 200));
    });
    scene.answerReinvites({ dialog, id });
    expect(await scene.run("referReplacing", customer?.callId, other?.callId)).toMatchObject({ code: "unavailable" });
    expect(await scene.run("referReplacing", customer?.callId, other?.callId)).toBeNull();
    const { callId, localTag, remoteTag } = consult.sip;
    const replaces = encodeURIComponent(`${callId};to-tag=${localTag};from-tag=${remoteTag}`);
    expect(referTos[1]).toMatch(/^<sip:[^?>]+\?Replaces=[^>]+>$/);
    expect(referTos[1]).toContain(`Replaces=${replaces}>`);
    await Promise.all([dialog.destroy(), consult.destroy()]);
  });

  it("[SG-1] asks the focus with a REFER without Replaces", async () => {
    const { dialog } = await scene.callAgent();
    const [leg] = await scene.legs();
    const referTo = new Promise<string>((resolve) =>
      dialog.on("refer", (req: SrfRequest, res: SrfResponse) => {
        resolve(req.get("Refer-To"));
        res.send(202);
        void notify(dialog, 200);
      }),
    );
    expect(await scene.run("referToFocus", leg?.callId, "sip:focus-1@test")).toBeNull();
    expect(await referTo).toBe("<sip:focus-1@test>");
    await dialog.destroy();
  });

  it("[CO-11] says whose call it is when the server refuses the REFER", async () => {
    const { dialog } = await scene.callAgent();
    const [leg] = await scene.legs();
    dialog.on("refer", (_req: SrfRequest, res: SrfResponse) =>
      res.send(403, { headers: { Warning: '399 test "not-owner: only the owner may"' } }),
    );
    expect(await scene.run("referToFocus", leg?.callId, "sip:focus-1@test")).toMatchObject({ code: "not-owner" });
    await dialog.destroy();
  });

  it("follows nobody's REFER", async () => {
    const { dialog } = await scene.callAgent();
    const answer = await dialog.request({ method: "REFER", headers: { "Refer-To": "<sip:elsewhere@test>" } });
    expect(answer.status).toBe(603);
    expect(await scene.legs()).toHaveLength(1);
    await dialog.destroy();
  });
});
