/** RFC 3891: the dialog that a new one is to take the place of. Pure text in, values out. */

export interface ReplacedDialog {
  readonly callId: string;
  readonly toTag: string;
  readonly fromTag: string;
  /** It is to be replaced only while it rings. */
  readonly earlyOnly: boolean;
}

/** A dialog of ours, as a Replaces may name it. */
export interface DialogNames {
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  /** Not answered yet. */
  readonly early: boolean;
}

/** RFC 3891 section 6.1: the Call-ID, then parameters in any order (SIP.js writes to-tag first, others from-tag). Null: it names no dialog, or two. */
export function parseReplaces(value: string): ReplacedDialog | null {
  const [callId, ...params] = value.split(";").map((p) => p.trim());
  const given = params.map((p) => {
    const [name = "", ...rest] = p.split("=");
    return [name.trim().toLowerCase(), rest.join("=").trim()] as const;
  });
  const all = (name: string): readonly string[] => given.flatMap(([key, text]) => (key === name ? [text] : []));
  const [[toTag = "", ...moreTo], [fromTag = "", ...moreFrom]] = [all("to-tag"), all("from-tag")];
  if (!callId || value.includes(",") || toTag === "" || fromTag === "" || moreTo.length + moreFrom.length > 0)
    return null;
  return { callId, toTag, fromTag, earlyOnly: all("early-only").length > 0 };
}

/** Replaces is written by one side and matched on the other: its to-tag may be our tag or the peer's. */
export const replacesMatches = (r: Omit<ReplacedDialog, "earlyOnly">, dialog: Omit<DialogNames, "early">): boolean =>
  r.callId === dialog.callId &&
  ((r.toTag === dialog.localTag && r.fromTag === dialog.remoteTag) ||
    (r.toTag === dialog.remoteTag && r.fromTag === dialog.localTag));

/** Whether the one dialog that is named may be replaced now (RFC 3891 section 3): the answer to the INVITE where not. */
export function mayReplace(
  r: ReplacedDialog,
  named: readonly DialogNames[],
  former: boolean,
): { readonly ok: true } | { readonly ok: false; readonly status: 481 | 486 | 603 } {
  const [dialog, ...more] = named;
  if (!dialog && former) return { ok: false, status: 603 }; // it has ended: whoever it was with has hung up
  if (!dialog || more.length > 0) return { ok: false, status: 481 };
  return r.earlyOnly && !dialog.early ? { ok: false, status: 486 } : { ok: true };
}
