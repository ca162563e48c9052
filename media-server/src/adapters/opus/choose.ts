import type { OpusLibrary } from "../../audio/opus-codec.js";

/** The native library where its binary loads, else the portable one. */
export async function chooseOpus(): Promise<{ readonly opus: OpusLibrary; readonly name: string }> {
  try {
    const { evanOpus } = await import("./evan-opus.js");
    evanOpus.decoder(48000).close();
    return { opus: evanOpus, name: "@evan/opus" };
  } catch {
    const { scriptOpus } = await import("./script-opus.js");
    return { opus: scriptOpus, name: "opusscript" };
  }
}
