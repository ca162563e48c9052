import { expect, it } from "@jest/globals";
import { Places } from "./places.js";

it("gives out so many places, and each of them back once", () => {
  const places = new Places(2);
  const one = places.take();
  expect(places.full).toBe(false);
  expect(places.take()).not.toBeNull();
  expect([places.full, places.take()]).toEqual([true, null]);
  one?.();
  one?.();
  expect(places.take()).not.toBeNull();
  expect(places.take()).toBeNull();
});
