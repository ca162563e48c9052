// A private network for tests: `node namespace.mjs COMMAND ARGS…` runs the command in a network namespace of its own
// with `lo` and one pair of virtual interfaces, so that ports never mix with anything else on the machine and nothing leaves
// it. A process namespace around it ends whatever the command left behind; both vanish with the command.
import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The address inside that is not loopback: browsers gather candidates on it. */
export const INSIDE_ADDRESS = "10.99.0.1";

// The shell stays: it is the first process inside, whose part it is to reap those that others left behind.
const INNER = `
ip link set lo up
ip link add legwork0 type veth peer name legwork1
ip addr add ${INSIDE_ADDRESS}/24 dev legwork0
ip link set legwork0 up
ip link set legwork1 up
"$@" && exit 0 || exit $?`;

const NAMESPACES = ["--net", "--pid", "--mount", "--fork", "--mount-proc", "--kill-child"];

/** The command line that runs `command` inside. */
export function inNamespace(command) {
  const asRoot = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  return ["unshare", ...asRoot, ...NAMESPACES, "--", "sh", "-e", "-c", INNER, "sh", ...command];
}

/** Why namespaces cannot be made here, or undefined when they can. */
export function namespaceProblem() {
  const [command, ...args] = inNamespace(["true"]);
  const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  return status === 0 ? undefined : error?.message || stderr.trim() || `exit code ${status}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [command, ...args] = inNamespace(process.argv.slice(2));
  const child = spawn(command, args, { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code) => {
    process.exitCode = code ?? 1;
  });
}
