/** A mono 16-bit WAV file of samples between -1 and 1. */
export function wavFile(samples: Float32Array, rate: number): Buffer {
  const out = Buffer.alloc(44 + 2 * samples.length);
  out.write("RIFF", 0, "latin1");
  out.writeUInt32LE(36 + 2 * samples.length, 4);
  out.write("WAVEfmt ", 8, "latin1");
  out.writeUInt32LE(16, 16);
  out.writeUInt16LE(1, 20); // PCM
  out.writeUInt16LE(1, 22); // mono
  out.writeUInt32LE(rate, 24);
  out.writeUInt32LE(2 * rate, 28);
  out.writeUInt16LE(2, 32);
  out.writeUInt16LE(16, 34);
  out.write("data", 36, "latin1");
  out.writeUInt32LE(2 * samples.length, 40);
  samples.forEach((value, i) =>
    out.writeInt16LE(Math.max(-32768, Math.min(32767, Math.round(value * 32767))), 44 + 2 * i),
  );
  return out;
}

/** First channel of a 16-bit WAV file. */
export function readWav(file: Buffer): { rate: number; samples: Float32Array } {
  if (file.toString("latin1", 0, 4) !== "RIFF") throw new Error("not a WAV file");
  let rate = 0;
  let channels = 1;
  for (let at = 12; at + 8 <= file.length;) {
    const id = file.toString("latin1", at, at + 4);
    const length = file.readUInt32LE(at + 4);
    if (id === "fmt ") {
      channels = file.readUInt16LE(at + 10);
      rate = file.readUInt32LE(at + 12);
      if (file.readUInt16LE(at + 22) !== 16) throw new Error("only 16-bit WAV files are read");
    }
    if (id === "data") {
      const count = Math.floor(Math.min(length, file.length - at - 8) / (2 * channels));
      const sampleAt = (i: number): number => file.readInt16LE(at + 8 + 2 * channels * i) / 32768;
      return { rate, samples: Float32Array.from({ length: count }, (_, i) => sampleAt(i)) };
    }
    at += 8 + length + (length & 1);
  }
  throw new Error("the WAV file has no sound");
}
