const V4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** An IP literal as 4 or 16 bytes in network order; IPv4 as IPv6 is mapped (RFC 4291 2.5.5.2). What is no address becomes all zeros. */
export function addressBytes(host: string, version: 4 | 6): Uint8Array {
  const v4 = V4.exec(host);
  if (version === 4) return Uint8Array.from(v4 === null ? [0, 0, 0, 0] : v4.slice(1).map(Number));
  return v4 === null ? v6Bytes(host) : v6Bytes(`::ffff:${host}`);
}

function v6Bytes(host: string): Uint8Array {
  const bytes = new Uint8Array(16);
  const [text = ""] = host.replace(/^\[|\]$/g, "").split("%"); // a zone means nothing outside its machine
  const [head = "", tail] = text.split("::");
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  if (before.length + after.length > 16 || [...before, ...after].some((byte) => !(byte >= 0 && byte <= 255)))
    return bytes;
  bytes.set(before);
  bytes.set(after, 16 - after.length);
  return bytes;
}

function groups(text: string): number[] {
  if (text === "") return [];
  return text.split(":").flatMap((group) => {
    const v4 = V4.exec(group);
    if (v4 !== null) return v4.slice(1).map(Number);
    const value = /^[0-9A-Fa-f]{1,4}$/.test(group) ? parseInt(group, 16) : NaN;
    if (Number.isNaN(value)) return [NaN];
    return [value >> 8, value & 0xff];
  });
}
