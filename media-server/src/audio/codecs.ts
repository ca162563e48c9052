import type { Codec, CodecFactory, MixRate } from "./codec.js";
import { G711Decoder, G711Encoder } from "./g711-codec.js";
import type { OpusLibrary } from "./opus-codec.js";

/** All codecs, Opus from the library given. */
export const codecsWith = (opus: OpusLibrary): CodecFactory => ({
  decoder: (codec: Codec, rate: MixRate) => (codec === "opus" ? opus.decoder(rate) : new G711Decoder(codec, rate)),
  encoder: (codec: Codec, rate: MixRate) =>
    codec === "opus" ? opus.encoder(rate, "voice") : new G711Encoder(codec, rate),
});
