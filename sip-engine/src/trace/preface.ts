import { seconds } from "./rung.js";
import type { Rung } from "./rung.js";

/** What is told above the arrows: who called whom, when, and how it went; for several Call-IDs, one line each. */
export function preface(rungs: readonly Rung[], dropped: number, width: number): string[] {
  const calls = new Map<string, Rung[]>();
  for (const rung of rungs) {
    const { callId } = rung.summary;
    calls.set(callId, [...(calls.get(callId) ?? []), rung]);
  }
  const about = calls.size === 1 ? aboutOne(rungs) : aboutMany(calls);
  const repeated = rungs.filter(({ repeats }) => repeats > 0).length;
  const counts = [
    `${rungs.length} in ${seconds(rungs.at(-1)!.offset)}`,
    ...(repeated === 0 ? [] : [`${repeated} repeated`]),
    ...(dropped === 0 ? [] : [`${dropped} older ones no longer in memory`]),
  ];
  const began = new Date(rungs[0]!.message.at).toISOString().replace("T", " ").replace("Z", " UTC");
  const lines = [...about, `Began     ${began}`, `Messages  ${counts.join(", ")}`];
  return lines.map((line) => (line.length <= width ? line : `${line.slice(0, width - 2)}..`));
}

function aboutOne(rungs: readonly Rung[]): string[] {
  const { callId, from, to } = rungs[0]!.summary;
  return [
    `Call-ID   ${callId === "" ? "(none)" : callId}`,
    `From      ${from}`,
    `To        ${to}`,
    `Result    ${resultOf(rungs)}`,
  ];
}

function aboutMany(calls: ReadonlyMap<string, readonly Rung[]>): string[] {
  return [...calls.values()].flatMap((rungs, i) => {
    const { callId, from, to } = rungs[0]!.summary;
    return [`[${i + 1}] ${callId === "" ? "(no Call-ID)" : callId}`, `    ${from} -> ${to}`, `    ${resultOf(rungs)}`];
  });
}

/** The last final response to the request that began it all, credentials or not, and what ended the call. */
export function resultOf(rungs: readonly Rung[]): string {
  const first = rungs[0]!;
  const { method, status, inDialog } = first.summary;
  if (status !== null || inDialog) return "began before the trace";
  const attempts = rungs.filter(
    ({ summary }) => summary.status === null && summary.method === method && !summary.inDialog,
  );
  const tries = new Set(attempts.map(({ summary }) => summary.cseq));
  const answers = rungs.filter(({ summary }) => summary.status !== null && tries.has(summary.cseq));
  const finals = answers.filter(({ summary, repeats }) => summary.status! >= 200 && repeats === 0);
  const answer = finals.at(-1) ?? answers.at(-1);
  if (answer === undefined) return `${method}, no response`;
  const after = (rung: Rung): string => `after ${seconds(rung.offset - first.offset)}`;
  const bye = rungs.find(({ summary }) => summary.status === null && summary.method === "BYE");
  const end = bye === undefined ? "" : `, BYE ${after(bye)}`;
  return `${method}, ${answer.summary.title} ${after(answer)}${end}`;
}
