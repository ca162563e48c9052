import { describe, expect, it } from "@jest/globals";
import { complaint } from "./layers.mjs";

describe("layers", () => {
  it.each([
    ["sip-proxy/src/domain/interaction/decide.ts", "node:fs"],
    ["sip-proxy/src/domain/interaction/decide.ts", "fs"],
    ["sip-proxy/src/domain/interaction/decide.ts", "drachtio-srf"],
    ["sip-proxy/src/domain/interaction/decide.ts", "../../app/actor.js"],
    ["sip-proxy/src/domain/interaction/decide.ts", "../../../../media-server/src/sdp/offer.js"],
    ["sip-proxy/src/domain/interaction/decide.ts", "@legwork/media-server"],
    ["sip-proxy/src/app/actor.ts", "../adapters/srf/leg.js"],
    ["sip-proxy/src/app/actor.ts", "kysely"],
    ["sip-proxy/src/adapters/http/server.ts", "../srf/leg.js"],
    ["media-server/src/thread/media-thread.ts", "../adapters/udp/rtp-wire.js"],
    ["media-server/src/control/dispatcher.ts", "../adapters/control/control-server.js"],
    ["media-server/src/ports/wire.ts", "../thread/messages.js"],
    ["media-server/src/engine/engine.ts", "../ports/wire.js"],
    ["sip-engine/src/proxy/forking.ts", "node:dns"],
    ["demo-customer/src/domain/phone-audio.ts", "node:fs"],
    ["sip-engine/src/main.ts", "@legwork/shared/ids"],
    ["softphone/src/view/call.tsx", "sip.js"],
    ["shared/src/dial/index.ts", "node:crypto"],
    ["e2e/src/agent.ts", "../../softphone/src/model/state.js"],
  ])("refuses in %s an import of %s", (file, specifier) => {
    expect(complaint(file, specifier)).toEqual(expect.any(String));
  });

  it.each([
    ["sip-proxy/src/domain/interaction/decide.ts", "./plan.js"],
    ["sip-proxy/src/domain/interaction/decide.ts", "@legwork/shared/ids"],
    ["sip-proxy/src/domain/interaction/decide.test.ts", "node:fs"],
    ["sip-proxy/src/app/actor.ts", "../domain/interaction/decide.js"],
    ["sip-proxy/src/adapters/http/server.ts", "express"],
    ["sip-proxy/src/adapters/http/server.ts", "../../app/actor.js"],
    ["sip-proxy/src/main.ts", "./adapters/http/server.js"],
    ["media-server/src/thread/media-thread.ts", "../ports/wire.js"],
    ["media-server/src/adapters/wires.ts", "../thread/messages.js"],
    ["softphone/src/ua/user-agent.ts", "sip.js"],
    ["softphone/src/ua/user-agent.ts", "sip.js/lib/core"],
    ["e2e/tests/consult.e2e.ts", "../../scripts/lib/product.mjs"],
    ["eslint.config.js", "./scripts/lint/layers.mjs"],
  ])("allows in %s an import of %s", (file, specifier) => {
    expect(complaint(file, specifier)).toBeUndefined();
  });
});
