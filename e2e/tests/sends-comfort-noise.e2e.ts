// A telephone that leaves silence out and says so in no description: comfort noise is all that comes from it until somebody speaks.
import { expect, it } from "@jest/globals";
import { hears } from "../src/hearing.js";
import { hearsSilence } from "../src/music.js";
import { COLLEAGUE, CUSTOMER, OWNER, PhoneScene } from "../src/phone-scene.js";

const scene = PhoneScene.forTests();

it("[CO-4] a transfer to it goes through on the comfort noise, and both talk when they speak", async () => {
  await scene.connect();
  const { customer, eva, finn } = scene;
  finn.line.rtp.silent = true;
  await scene.consult();
  finn.line.rtp.comfortNoise();
  expect(await eva.command({ type: "transfer" })).toBeNull();
  await Promise.all([hears(finn.line, { tones: [CUSTOMER], not: [OWNER] }), hearsSilence(customer)]);
  expect((await finn.desktop()).interaction).toMatchObject({ role: "owner", phase: "connected" });
  expect((await eva.desktop()).wrapUps).toHaveLength(1);
  finn.line.rtp.silent = false;
  await hears(customer, { tones: [COLLEAGUE], not: [OWNER] });
}, 40_000);
