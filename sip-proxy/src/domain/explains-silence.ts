/**
 * CO-4: whether a party's description says that no RTP may come from it for a while: it sends nothing (`recvonly`, `inactive`; a missing
 * direction means sendrecv, RFC 3264 section 5.1), it leaves silence out (`silenceSupp:on`, RFC 3108 section 5.6.5), or it offers comfort
 * noise for it (CN, payload type 13 or by name, RFC 3389). What is no description explains nothing.
 */
export function explainsSilence(sdp: string): boolean {
  const lines = sdp.split(/\r\n|\r|\n/).map((line) => line.trimEnd());
  const isMedia = (line: string): boolean => line.startsWith("m=");
  const audio = lines.findIndex((line) => /^m=audio [1-9]/.test(line));
  if (audio < 0) return false;
  const after = lines.slice(audio + 1);
  const end = after.findIndex(isMedia);
  const own = end < 0 ? after : after.slice(0, end);
  const session = lines.slice(0, lines.findIndex(isMedia));

  const directionIn = (part: readonly string[]): string | undefined =>
    part.map((line) => /^a=(sendrecv|sendonly|recvonly|inactive)$/.exec(line)?.[1]).find((found) => found);
  const direction = directionIn(own) ?? directionIn(session) ?? "sendrecv";
  if (direction === "recvonly" || direction === "inactive") return true;

  if (own.some((line) => /^a=silenceSupp: ?on\b/i.test(line))) return true;

  const payloadTypes = lines[audio]!.split(" ").slice(3);
  const named = own.map((line) => /^a=rtpmap:(\d+) CN\//i.exec(line)?.[1]);
  return payloadTypes.some((type) => type === "13" || named.includes(type));
}
