import { writeFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";

const TRACE_USAGE = `usage: legwork-sip-engine trace [options] [call]

Shows the SIP messages of calls in a running engine. With no options: the calls recorded. With the number of
a call, or "all": its messages as a ladder.

  --http HOST:PORT   the engine's HTTP endpoint; LEGWORK_ENGINE_HTTP says the same

begin to record calls that fit all of these, in place of what was recorded before:
  --number N         user in From, To or Request-URI; a leading + or 00 does not count, * is any characters
  --from N, --to N   the same in From, or in To and Request-URI
  --call-id ID
  --peer ADDRESS     IP address the messages come from or go to, with or without :port
  --any              every call
  --calls N          keep the newest N calls (20)
  --seconds N        for so long (600)

show:
  --follow           draw messages as they come, until interrupted or the time is over
  --full             every message in full below the ladder
  --width N          characters per line, 80 to 250 (the terminal's)
  --pcap FILE        write a capture for Wireshark, tshark or sngrep instead
  --json             print JSON instead

  --stop             stop recording and forget everything
`;

const FILTERS = ["number", "from", "to", "call-id", "peer"] as const;
const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const OPTIONS = {
  ...{ http: text, number: text, from: text, to: text, "call-id": text, peer: text, any: flag },
  ...{
    calls: text,
    seconds: text,
    follow: flag,
    full: flag,
    width: text,
    pcap: text,
    json: flag,
    stop: flag,
    help: flag,
  },
};

/** How often `--follow` looks for messages, milliseconds. */
const FOLLOW_MS = 500;

/** What went wrong, to be told without a stack. */
class Complaint extends Error {
  constructor(
    readonly exitCode: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The `trace` subcommand: talks to the HTTP endpoint of a running engine and prints what it says.
 * @param columns width of the terminal, undefined when there is none
 * @returns exit code: 0, 1 when the engine could not do it, 2 when the arguments make no sense
 */
export async function traceCommand(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  columns: number | undefined,
  print: (text: string) => void,
  complain: (text: string) => void,
): Promise<number> {
  try {
    await run(argv, env, columns, print);
    return 0;
  } catch (error) {
    if (!(error instanceof Complaint)) throw error;
    complain(`sip-engine: ${error.message}\n`);
    if (error.exitCode === 2) complain("sip-engine: legwork-sip-engine trace --help tells what there is\n");
    return error.exitCode;
  }
}

async function run(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  columns: number | undefined,
  print: (text: string) => void,
): Promise<void> {
  const { values, positionals } = read(argv);
  if (values.help === true) return print(TRACE_USAGE);
  const endpoint = values.http ?? env["LEGWORK_ENGINE_HTTP"];
  if (endpoint === undefined)
    throw new Complaint(2, "say where the engine is: --http HOST:PORT, as the engine was given");
  const ask = (method: string, path: string, body?: unknown, known = ""): Promise<Response> =>
    request(`http://${endpoint}${path}`, method, body, known);
  if (values.stop === true) {
    await ask("DELETE", "/trace");
    return print("Not recording.\n");
  }
  const [call, ...others] = positionals;
  if (others.length > 0 || (call !== undefined && !/^(all|\d+)$/.test(call))) {
    throw new Complaint(2, 'need the number of one call, or "all"');
  }
  const base = call === undefined || call === "all" ? "/trace" : `/trace/${call}`;
  const width = values.width ?? String(Math.min(250, Math.max(80, columns ?? 100)));
  const drawing = `${base}.txt?width=${encodeURIComponent(width)}`;
  const starting = values.any === true || FILTERS.some((name) => values[name] !== undefined);
  if (starting) await ask("PUT", "/trace", orderOf(values));
  else if (values.calls !== undefined || values.seconds !== undefined) {
    throw new Complaint(2, "--calls and --seconds need to know which calls: a filter, or --any");
  }
  if (values.follow === true) return follow((known) => ask("GET", drawing, undefined, known), await state(ask), print);
  if (values.pcap !== undefined) {
    const capture = await ask("GET", `${base}.pcap`);
    await writeFile(values.pcap, new Uint8Array(await capture.arrayBuffer()));
  } else if (values.json === true) print(await (await ask("GET", `${base}.json`)).text());
  else if (call !== undefined)
    print(await (await ask("GET", `${drawing}${values.full === true ? "&full=1" : ""}`)).text());
  else print(listed(await state(ask)));
}

function read(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new Complaint(2, error instanceof Error ? error.message : String(error));
  }
}

function orderOf(values: Readonly<Record<string, string | boolean | undefined>>): Record<string, unknown> {
  const order: Record<string, unknown> = {};
  for (const name of FILTERS) if (values[name] !== undefined) order[name] = values[name];
  for (const name of ["calls", "seconds"]) if (values[name] !== undefined) order[name] = Number(values[name]);
  return order;
}

async function request(url: string, method: string, body: unknown, known: string): Promise<Response> {
  const headers = { ...(known === "" ? {} : { "If-None-Match": known }) };
  let response: Response;
  try {
    response = await fetch(url, { method, headers, body: body === undefined ? null : JSON.stringify(body) });
  } catch {
    throw new Complaint(1, `nothing answers at ${url}; was the engine started with --http?`);
  }
  if (response.ok || response.status === 304) return response;
  const answer = (await response.json().catch(() => ({}))) as { error?: unknown };
  const reason = typeof answer.error === "string" ? answer.error : `HTTP status ${response.status}`;
  throw new Complaint(response.status === 400 ? 2 : 1, reason);
}

interface State {
  readonly recording: boolean;
  readonly until?: string;
  readonly calls: readonly {
    readonly id: number;
    readonly began: string;
    readonly from: string;
    readonly to: string;
    readonly result: string;
    readonly messages: number;
  }[];
  readonly dropped?: { readonly calls: number };
}

async function state(ask: (method: string, path: string) => Promise<Response>): Promise<State> {
  return (await (await ask("GET", "/trace")).json()) as State;
}

function listed({ recording, until, calls, dropped }: State): string {
  if (until === undefined) return "Not recording. --any begins, --number N takes a number's calls only.\n";
  const lines = calls.map(({ id, began, from, to, result, messages }) => {
    const time = began.slice(11, 23);
    return `${String(id).padStart(4)}  ${time}  ${String(messages).padStart(4)} messages  ${from} -> ${to}  ${result}`;
  });
  const lost = dropped === undefined || dropped.calls === 0 ? "" : ` ${dropped.calls} older ones no longer in memory.`;
  const status = recording ? `Recording until ${until.slice(0, 19)}Z.` : `Recorded until ${until.slice(0, 19)}Z.`;
  return `${[...lines, `${status} ${calls.length} calls.${lost}`].join("\n")}\n`;
}

/** Prints the ladder once, then only its new lines; anew when it has other columns than before. */
async function follow(
  get: (known: string) => Promise<Response>,
  { until }: State,
  print: (text: string) => void,
): Promise<void> {
  if (until === undefined) throw new Complaint(2, "nothing is recorded: --follow needs a filter, or --any");
  let shown = "";
  let tag = "";
  for (;;) {
    const over = Date.now() > Date.parse(until);
    const response = await get(tag);
    tag = response.headers.get("etag") ?? "";
    if (response.status !== 304) {
      const drawn = rungs(await response.text());
      print(drawn.startsWith(shown) ? drawn.slice(shown.length) : `\n${drawn}`);
      shown = drawn;
    }
    if (over) return;
    await wait(FOLLOW_MS);
  }
}

/** A ladder without what changes with each message: the lines above its columns, and its last line. */
function rungs(ladder: string): string {
  const body = ladder.slice(ladder.indexOf("\n\n") + 1);
  return body.slice(0, body.lastIndexOf("\n", body.length - 2) + 1);
}
