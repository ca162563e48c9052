import { fileURLToPath } from "node:url";
import { Child, json } from "./child.mjs";

const APP = fileURLToPath(new URL("../app.mjs", import.meta.url));

/** The bench's drachtio-srf application, connected. */
export async function startApp(engine, flags = []) {
  const app = new Child([...flags, APP, String(engine.ports.admin), engine.secret], { NODE_ENV: "production" });
  await app.line((line) => json(line)?.ready, "app");
  return app;
}
