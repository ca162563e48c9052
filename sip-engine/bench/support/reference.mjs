import { fileURLToPath } from "node:url";
import { Child, json } from "./child.mjs";

const BARE = fileURLToPath(new URL("bare.mjs", import.meta.url));

/** A bare Node process that answers the same calls at the same time; what the engine costs is told as a multiple of it. */
export async function startReference() {
  const reference = new Child([BARE], { NODE_ENV: "production" });
  reference.port = await reference.line((line) => json(line)?.port, "reference");
  return reference;
}
