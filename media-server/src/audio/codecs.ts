import type { CodecFactory } from "./codec.js";
import { plainKernel, type Kernel } from "./kernel.js";
import type { OpusLibrary } from "./opus-codec.js";
import { WaveformDecoder, WaveformEncoder } from "./waveform-codec.js";

/** All codecs, Opus from the library given. */
export const codecsWith = (opus: OpusLibrary, kernel: Kernel = plainKernel): CodecFactory => ({
  decoder: (codec, rate) => (codec === "opus" ? opus.decoder(rate) : new WaveformDecoder(codec, rate, kernel)),
  encoder: (codec, rate) => (codec === "opus" ? opus.encoder(rate, "voice") : new WaveformEncoder(codec, rate, kernel)),
});
