import { describe, expect, it } from "@jest/globals";
import type { RtpPacket } from "./packet.js";
import { SourceLock } from "./source-lock.js";

const packet = (sequence: number, ssrc = 1): RtpPacket => ({
  payloadType: 0,
  marker: false,
  sequence,
  timestamp: 0,
  ssrc,
  payload: new Uint8Array(160),
});

function locked(): SourceLock {
  const lock = new SourceLock();
  expect(lock.judge(packet(1), "10.0.0.1:4000", 0)).toBe("probation");
  expect(lock.judge(packet(2), "10.0.0.1:4000", 20)).toBe("switched");
  return lock;
}

describe("the lock on the peer's stream", () => {
  it("locks on the second packet in order, and stays", () => {
    const lock = locked();
    expect(lock.judge(packet(3), "10.0.0.1:4000", 40)).toBe("accepted");
    expect(lock.judge(packet(9), "10.0.0.1:4000", 60)).toBe("accepted");
    expect(lock.origin).toBe("10.0.0.1:4000");
  });

  it("[MX-5] lets nobody take over a stream that runs", () => {
    const lock = locked();
    for (let i = 0; i < 20; i++) {
      expect(lock.judge(packet(100 + i, 7), "6.6.6.6:666", 30 + 20 * i)).toBe("foreign");
      lock.judge(packet(3 + i), "10.0.0.1:4000", 30 + 20 * i);
    }
    expect(lock.origin).toBe("10.0.0.1:4000");
  });

  it("[MX-5] leaves a stray stream of the peer's host for the port that the description names, and never goes back", () => {
    const lock = new SourceLock();
    lock.expect("10.0.0.1:4000");
    lock.judge(packet(1, 9), "10.0.0.1:3000", 0);
    expect(lock.judge(packet(2, 9), "10.0.0.1:3000", 20)).toBe("switched");
    expect(lock.judge(packet(50), "10.0.0.1:4000", 30)).toBe("probation");
    expect(lock.judge(packet(3, 9), "10.0.0.1:3000", 40)).toBe("accepted");
    expect(lock.judge(packet(51), "10.0.0.1:4000", 50)).toBe("switched");
    expect(lock.judge(packet(4, 9), "10.0.0.1:3000", 60)).toBe("foreign");
    expect(lock.origin).toBe("10.0.0.1:4000");
  });

  it("[MX-5] follows a phone to another port and SSRC once the old stream is silent", () => {
    const lock = locked();
    expect(lock.judge(packet(500, 2), "10.0.0.1:5000", 120)).toBe("foreign");
    expect(lock.judge(packet(505, 2), "10.0.0.1:5000", 220)).toBe("probation");
    expect(lock.judge(packet(506, 2), "10.0.0.1:5000", 240)).toBe("switched");
    expect(lock.origin).toBe("10.0.0.1:5000");
  });

  it("[MX-5] takes a new SSRC from the same address after two packets in order once the old one ended, and never a random one", () => {
    const lock = locked();
    expect(lock.judge(packet(1000, 9), "10.0.0.1:4000", 30)).toBe("probation");
    expect(lock.judge(packet(40000, 9), "10.0.0.1:4000", 31)).toBe("probation");
    expect(lock.judge(packet(3), "10.0.0.1:4000", 40)).toBe("accepted");
    for (let i = 1; i < 5; i++)
      expect(lock.judge(packet(40000 + i, 9), "10.0.0.1:4000", 30 + 20 * i)).toBe("probation");
    expect(lock.judge(packet(40005, 9), "10.0.0.1:4000", 130)).toBe("switched");
    expect(lock.ssrc).toBe(9);
  });

  it("[MX-5] stays with one of two streams that come from one address and port at once", () => {
    const lock = locked();
    for (let i = 0; i < 50; i++) {
      expect(lock.judge(packet(3 + i), "10.0.0.1:4000", 40 + 20 * i)).toBe("accepted");
      expect(lock.judge(packet(700 + i, 9), "10.0.0.1:4000", 50 + 20 * i)).toBe("probation");
    }
  });

  it("believes no other host once it found the stream, however long the peer is silent", () => {
    const lock = locked();
    for (let i = 0; i < 20; i++) expect(lock.judge(packet(i, 7), "6.6.6.6:4000", 60_000 + 20 * i)).toBe("foreign");
    expect(lock.admits("6.6.6.6")).toBe(false);
    expect(lock.judge(packet(500), "10.0.0.1:4000", 90_000)).toBe("accepted");
  });

  it("still believes no other host when the description changes the port only, or says nothing", () => {
    const lock = locked();
    lock.expect("192.168.0.1:4000");
    expect(lock.judge(packet(1), "10.0.0.1:4000", 60)).toBe("probation");
    expect(lock.judge(packet(2), "10.0.0.1:4000", 80)).toBe("switched");
    lock.expect("192.168.0.1:5000");
    lock.expect(null);
    expect(lock.judge(packet(1, 7), "6.6.6.6:5000", 1000)).toBe("foreign");
    expect(lock.judge(packet(1, 2), "10.0.0.1:5000", 1000)).toBe("probation");
    expect(lock.judge(packet(2, 2), "10.0.0.1:5000", 1020)).toBe("switched");
  });

  it("prefers the host that the description names to a stranger who was faster", () => {
    const lock = new SourceLock();
    lock.expect("10.0.0.1:4000");
    lock.judge(packet(1, 7), "6.6.6.6:666", 0);
    expect(lock.judge(packet(2, 7), "6.6.6.6:666", 1)).toBe("switched");
    expect(lock.judge(packet(1), "10.0.0.1:4100", 2)).toBe("probation");
    expect(lock.judge(packet(3, 7), "6.6.6.6:666", 3)).toBe("accepted");
    expect(lock.judge(packet(2), "10.0.0.1:4100", 22)).toBe("switched");
    expect(lock.judge(packet(4, 7), "6.6.6.6:666", 60_000)).toBe("foreign");
  });

  it("is not kept from finding the named host by datagrams in between", () => {
    const lock = new SourceLock();
    lock.expect("10.0.0.1:4000");
    expect(lock.judge(packet(1), "10.0.0.1:4000", 0)).toBe("probation");
    expect(lock.judge(packet(1, 7), "6.6.6.6:666", 10)).toBe("foreign");
    expect(lock.judge(packet(2), "10.0.0.1:4000", 20)).toBe("switched");
  });

  it("learns anew when the description names another address", () => {
    const lock = locked();
    lock.expect("10.0.0.2:4000");
    expect(lock.judge(packet(1, 5), "10.0.0.2:4000", 60)).toBe("probation");
    expect(lock.judge(packet(2, 5), "10.0.0.2:4000", 80)).toBe("switched");
    lock.expect("10.0.0.2:4000");
    expect(lock.judge(packet(3, 5), "10.0.0.2:4000", 100)).toBe("accepted");
  });
});
