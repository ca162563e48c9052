/** Octets, one per character, as bytes of their own. */
export function bytesOf(octets: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(octets.length);
  for (let i = 0; i < octets.length; i++) bytes[i] = octets.charCodeAt(i);
  return bytes;
}

/** Arguments a call can surely take. */
const AT_ONCE = 8192;

/** A copy that holds on to nothing larger: a piece cut out of a received buffer's text keeps all of that text in memory. */
export function copied(octets: string): string {
  const bytes = bytesOf(octets);
  let copy = "";
  for (let at = 0; at < bytes.length; at += AT_ONCE) copy += String.fromCharCode(...bytes.subarray(at, at + AT_ONCE));
  return copy;
}
