/** The signed distance from `a` to `b` in 16-bit sequence numbers, wrap-around included (RFC 1982). */
export const sequenceDistance = (a: number, b: number): number => ((b - a) << 16) >> 16;

/** The signed distance from `a` to `b` in 32-bit RTP timestamps, wrap-around included. */
export const timestampDistance = (a: number, b: number): number => (b - a) | 0;

export const addSequence = (a: number, delta: number): number => (a + delta) & 0xffff;
export const addTimestamp = (a: number, delta: number): number => (a + delta) >>> 0;
