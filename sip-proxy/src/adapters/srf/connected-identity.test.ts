import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { ConnectedIdentity } from "./connected-identity.js";
import type { SrfDialog } from "./srf-api.js";

const log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => log,
};
const [kari, ola] = [
  { name: "Kari", number: "+4722000001" },
  { name: "Ola", number: "+4722000002" },
];

describe("a telephone that cannot be told now whom it speaks with", () => {
  let told: string[];
  let status: number;
  let identity: ConnectedIdentity;

  beforeEach(() => {
    jest.useFakeTimers();
    [told, status] = [[], 491];
    identity = new ConnectedIdentity({ domain: "calls.test", log, answered: () => undefined }, null);
    const request = ({ headers }: { headers: Record<string, string> }) => {
      told.push(/"(.*)"/.exec(headers["P-Asserted-Identity"] ?? "")?.[1] ?? "");
      return Promise.resolve({ status });
    };
    identity.ready({ local: { contact: "" }, request } as unknown as SrfDialog, "INVITE, UPDATE");
  });
  afterEach(() => void jest.useRealTimers());

  it.each([491, 500])("[AG-2] with %s is asked three times, and told again at the next change", async (busy) => {
    status = busy;
    identity.show(kari);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(told).toEqual(["Kari", "Kari", "Kari"]);
    status = 200;
    identity.show(kari);
    await jest.advanceTimersByTimeAsync(0);
    identity.show(kari); // shown by now
    identity.show(ola);
    await jest.advanceTimersByTimeAsync(0);
    expect(told.slice(3)).toEqual(["Kari", "Ola"]);
  });
});
