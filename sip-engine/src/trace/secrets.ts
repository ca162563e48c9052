/**
 * Hides what a colleague must not read in a trace: digest `response` and `rspauth` values and other schemes' whole credentials (RFC 3261
 * 20.7, 20.27, 20.44; RFC 8760), passwords in SIP URIs (19.1.1) and SRTP keys in SDP (RFC 4568). Each character becomes `*`,
 * so that every length in the message stays true.
 */
export function masked(octets: string): string {
  return octets
    .replace(CREDENTIALS, (header: string) => maskHeader(header))
    .replace(URI_PASSWORD, (_all, before: string, password: string) => before + stars(password))
    .replace(SRTP_KEYS, (line) =>
      line.replace(/(inline:)([^|;\s]+)/gi, (_all, before: string, key: string) => before + stars(key)),
    );
}

/** The header with its continuation lines (RFC 3261 7.3.1). */
const CREDENTIALS = /^(?:proxy-)?(?:authorization|authentication-info)[ \t]*:.*(?:\r?\n[ \t].*)*/gim;
const URI_PASSWORD = /(\bsips?:[^\s@:;?<>"]+:)([^\s@:;?<>"]+)(?=@)/gi;
const SRTP_KEYS = /^a=crypto:.*$/gim;
const DIGEST_PROOF = /(\b(?:response|rspauth)\s*=\s*"?)([^"\s,]+)/gi;

function maskHeader(header: string): string {
  const [, name = "", value = ""] = /^([^:]*:\s*)([^]*)$/.exec(header) ?? [];
  if (/^digest\s/i.test(value) || /info/i.test(name)) {
    return header.replace(DIGEST_PROOF, (_all, before: string, proof: string) => before + stars(proof));
  }
  const [, scheme = "", rest = ""] = /^(\S*\s*)([^]*)$/.exec(value) ?? [];
  return name + scheme + rest.replace(/\S/g, "*");
}

function stars(text: string): string {
  return "*".repeat(text.length);
}
