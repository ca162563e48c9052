/** What we can do if a request requires it: the engine does session timers (RFC 4028) and reliable provisional responses (RFC 3262), we Replaces. */
const EXTENSIONS = new Set(["replaces", "timer", "100rel"]);

/** RFC 3261 section 8.2.2.3: option tags of a Require header that we do not know, as they are written. */
export const unsupportedOptions = (require: string | undefined): readonly string[] =>
  (require ?? "")
    .split(",")
    .map((option) => option.trim())
    .filter((option) => option !== "" && !EXTENSIONS.has(option.toLowerCase()));

/**
 * RFC 3261 section 8.2.2.2: what is the same of a request that came on two ways; null when it is one of a dialog, or cannot be told. `from` and
 * `to` are whole header values.
 */
export function originOf(request: {
  readonly callId: string | undefined;
  readonly cseq: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
}): string | null {
  const { callId, cseq, from, to } = request;
  const tag = tagOf(from);
  if (!callId || !cseq || tag === null || tagOf(to) !== null) return null;
  return JSON.stringify([callId, tag, cseq.trim().replace(/\s+/g, " ")]);
}

/** The tag of a From or To value, outside of its URI. */
const tagOf = (value: string | undefined): string | null =>
  /;\s*tag\s*=\s*([^;\s]+)/i.exec((value ?? "").replace(/"(?:[^"\\]|\\.)*"/g, "").replace(/<[^>]*>/, ""))?.[1] ?? null;
