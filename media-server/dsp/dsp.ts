// Mixing and resampling in AssemblyScript, four and eight samples at a time (WebAssembly SIMD).
// The caller owns the memory above __heap_base and passes addresses; nothing here allocates.

/** sum[n] += frame[n]; `count` is a multiple of 8. */
export function add(sum: usize, frame: usize, count: i32): void {
  for (let n: i32 = 0; n < count; n += 8) {
    const samples = v128.load(frame + ((<usize>n) << 1));
    const low = sum + ((<usize>n) << 2);
    v128.store(low, i32x4.add(v128.load(low), i32x4.extend_low_i16x8_s(samples)));
    v128.store(low, i32x4.add(v128.load(low, 16), i32x4.extend_high_i16x8_s(samples)), 16);
  }
}

/** out[n] = sum[n], limited to 16 bits; `count` is a multiple of 8. */
export function limit(sum: usize, out: usize, count: i32): void {
  for (let n: i32 = 0; n < count; n += 8) {
    const at = sum + ((<usize>n) << 2);
    v128.store(out + ((<usize>n) << 1), i16x8.narrow_i32x4_s(v128.load(at), v128.load(at, 16)));
  }
}

/** Writes 16-bit samples as floats; `count` is a multiple of 8. */
export function widen(samples: usize, line: usize, count: i32): void {
  for (let n: i32 = 0; n < count; n += 8) {
    const eight = v128.load(samples + ((<usize>n) << 1));
    const at = line + ((<usize>n) << 2);
    v128.store(at, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(eight)));
    v128.store(at, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(eight)), 16);
  }
}

/** The scalar product of `count` floats, a multiple of 4. */
function product(a: usize, b: usize, count: i32): f32 {
  let sum = f32x4.splat(0);
  for (let k: i32 = 0; k < count; k += 4) {
    const at = (<usize>k) << 2;
    sum = f32x4.add(sum, f32x4.mul(v128.load(a + at), v128.load(b + at)));
  }
  return (
    f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3)
  );
}

function rounded(value: f32): i32 {
  return <i32>max<f32>(-32768, min<f32>(32767, nearest<f32>(value)));
}

/**
 * A polyphase FIR: for each of `count` positions in `line`, `step` samples apart, one output for each of `phases` filters of `taps` taps.
 * Up by six: step 1, 6 phases of 24. Down by six: step 6, 1 phase of 144.
 */
export function filter(line: usize, count: i32, step: i32, filters: usize, phases: i32, taps: i32, out: usize): void {
  for (let n: i32 = 0; n < count; n++) {
    const at = line + ((<usize>(n * step)) << 2);
    for (let phase: i32 = 0; phase < phases; phase++) {
      const sample = rounded(product(at, filters + ((<usize>(phase * taps)) << 2), taps));
      store<i16>(out, <i16>sample);
      out += 2;
    }
  }
}
