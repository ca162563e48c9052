// The embedded database itself, and what is left of it after kill -9.
import { describe, expect, it } from "@jest/globals";
import { brand, type InteractionId } from "@legwork/shared/ids";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { openStore } from "../../dist/adapters/store/open-store.js";
import { openWrapUp, storeContract } from "../support/store-contract.js";

const folder = (): string => fs.mkdtempSync(path.join(os.tmpdir(), "legwork-store-"));

storeContract("PGlite in memory", () => openStore({ kind: "memory" }));
storeContract("PGlite in a folder", () => openStore({ kind: "folder", path: folder() }));

describe("the embedded database", () => {
  it("has every event that was acknowledged before kill -9, three times in a row", async () => {
    const dir = folder();
    const script = fileURLToPath(new URL("../support/append-until-killed.mjs", import.meta.url));
    for (const wanted of [40, 25, 10]) {
      const interaction = brand<InteractionId>(`i-killed-after-${wanted}`);
      const child = spawn(process.execPath, [script, dir, interaction], { stdio: ["ignore", "pipe", "inherit"] });
      let text = "";
      for await (const chunk of child.stdout) {
        text += String(chunk);
        if (text.split("\n").length > wanted) child.kill("SIGKILL");
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      const acknowledged = text.trim().split("\n").length;
      expect(acknowledged).toBeGreaterThanOrEqual(wanted);
      const store = await openStore({ kind: "folder", path: dir });
      const events = await store.events(interaction);
      expect(events.length).toBeGreaterThanOrEqual(acknowledged);
      expect(events.map((e) => e.seq)).toEqual(events.map((_, n) => n + 1));
      await store.close();
    }
  }, 60_000);

  it("[WU-1] keeps an open wrap-up over a restart", async () => {
    const dir = folder();
    const before = await openStore({ kind: "folder", path: dir });
    await before.saveWrapUp(openWrapUp("w-1", brand("i-1")));
    await before.close();
    const after = await openStore({ kind: "folder", path: dir });
    expect(await after.openWrapUps()).toEqual([openWrapUp("w-1", brand("i-1"))]);
    await after.close();
  }, 30_000);
});
