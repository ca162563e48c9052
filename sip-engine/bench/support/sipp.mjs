import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * SIPp's own UAC scenario (INVITE, 200, ACK, BYE, 200) over UDP at a steady rate.
 * @returns how many calls succeeded and failed, and what was sent again
 */
export async function sippCalls(port, rate, calls) {
  const dir = mkdtempSync(join(tmpdir(), "bench-sipp-"));
  const stats = join(dir, "stats.csv");
  // SIPp leaves calls open when its time is up; a busy machine must not get it there.
  const limit = Math.ceil((2 * calls) / rate) + 60;
  const args = ["-sn", "uac", "-i", "127.0.0.1", "-r", String(rate), "-m", String(calls), "-l", String(calls)];
  const bounds = ["-timeout", `${limit}s`, "-recv_timeout", "30000", "-nostdin", "-deadcall_wait", "0"];
  const trace = ["-trace_stat", "-stf", stats, "-fd", "1"];
  let text;
  try {
    const child = spawn("sipp", [...args, ...bounds, ...trace, `127.0.0.1:${port}`], { cwd: dir, stdio: "ignore" });
    await new Promise((resolve, reject) => child.once("exit", resolve).once("error", reject));
    text = readFileSync(stats, "utf8");
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  const [head, ...rows] = text.trim().split("\n");
  const names = head.split(";");
  const last = (rows.at(-1) ?? "").split(";");
  const value = (name) => Number(last[names.indexOf(name)] ?? 0);
  return {
    succeeded: value("SuccessfulCall(C)"),
    failed: calls - value("SuccessfulCall(C)"),
    retransmissions: value("Retransmissions(C)"),
  };
}
