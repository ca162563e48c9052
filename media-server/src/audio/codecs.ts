import type { CodecFactory } from "./codec.js";
import { G711Decoder, G711Encoder } from "./g711-codec.js";
import { plainKernel, type Kernel } from "./kernel.js";
import type { OpusLibrary } from "./opus-codec.js";

/** All codecs, Opus from the library given. */
export const codecsWith = (opus: OpusLibrary, kernel: Kernel = plainKernel): CodecFactory => ({
  decoder: (codec, rate) => (codec === "opus" ? opus.decoder(rate) : new G711Decoder(codec, rate, kernel)),
  encoder: (codec, rate) => (codec === "opus" ? opus.encoder(rate, "voice") : new G711Encoder(codec, rate, kernel)),
});
