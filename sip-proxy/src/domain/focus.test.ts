import { describe, expect, it } from "@jest/globals";
import { brand, type InteractionId } from "@legwork/shared/ids";
import { FACTORY, focusUser, interactionOfFocus } from "./focus.js";

describe("the name of a focus", () => {
  const id = brand<InteractionId>("3f-a");

  it("[SG-2] names its interaction, and no other name does", () => {
    expect(interactionOfFocus(focusUser(id))).toBe(id);
    for (const user of [FACTORY, "2001", "", "focus"]) expect(interactionOfFocus(user)).toBeNull();
  });
});
