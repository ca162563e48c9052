import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { builtinModules, createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { OPTIONS } from "../../src/config-options.js";
import { until } from "../support/engine.js";
import { Sipp } from "../support/sipp.js";
import { newSrf } from "../support/srf.js";

jest.setTimeout(180_000);

const WORKSPACE = fileURLToPath(new URL("../..", import.meta.url));
const SDP = "v=0\r\no=app 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 7000 RTP/AVP 0\r\n";

const IMPORTS = /(?:^(?:import|export)\s[^;"']*\sfrom\s+|^import\s+|\bimport\()["']([^"']+)["']/gm;

interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

let folder: string;
let installed: string;
let manifest: Manifest;
let files: readonly string[];

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(command: string, args: readonly string[], cwd: string): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(command, args, { cwd, maxBuffer: 1e8 }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : error === null ? 0 : -1, stdout, stderr });
    });
  });
}

const cli = (): string => join(installed, manifest.bin["legwork-sip-engine"]!);
const engine = (...args: string[]): Promise<Outcome> => run(process.execPath, [cli(), ...args], folder);

// The tarball as npm would publish it, in an empty folder with nothing beside it but what it declares to depend on.
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sip-engine-"));
  const packed = await run("npm", ["pack", "--json", "--pack-destination", folder], WORKSPACE);
  if (packed.code !== 0) throw new Error(`${packed.stdout}\n${packed.stderr}`);
  const [{ filename }] = JSON.parse(packed.stdout.slice(packed.stdout.indexOf("["))) as [{ filename: string }];
  const modules = join(folder, "node_modules");
  installed = join(modules, "@legwork/sip-engine");
  mkdirSync(installed, { recursive: true });
  await run("tar", ["-xzf", join(folder, filename), "-C", installed, "--strip-components=1"], folder);
  manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as Manifest;
  files = readdirSync(installed, { recursive: true }) as string[];
  const require = createRequire(join(WORKSPACE, "package.json"));
  for (const name of Object.keys(manifest.dependencies)) {
    symlinkSync(dirname(require.resolve(`${name}/package.json`)), join(modules, name));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the package", () => {
  it("holds the program, its types, README and licence, no tests, and imports only what it declares", () => {
    const wanted = ["package.json", "README.md", "LICENSE", "dist/main.js", "dist/index.js", "dist/index.d.ts"];
    expect(files).toEqual(expect.arrayContaining(wanted));
    expect(files.filter((file) => /test|tsbuildinfo|(?<!\.d)\.ts$/.test(file))).toEqual([]);
    const known = [...builtinModules, ...Object.keys(manifest.dependencies)];
    for (const file of files.filter((one) => one.endsWith(".js"))) {
      const source = readFileSync(join(installed, file), "utf8");
      for (const [, specifier = ""] of source.matchAll(IMPORTS)) {
        if (specifier.startsWith(".")) continue;
        expect([file, known.includes(specifier.replace(/^node:/, ""))]).toEqual([file, true]);
      }
    }
  });

  it("tells all options on --help, and on a mistake what to do next", async () => {
    const help = await engine("--help");
    expect(help.code).toBe(0);
    for (const name of Object.keys(OPTIONS)) expect(help.stdout).toContain(`  --${name} `);
    expect(help.stdout).toContain("trace --help");
    expect(await engine("trace", "--help")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("--follow") as unknown,
    });
    expect(await engine("--colour=red")).toEqual({
      code: 2,
      stdout: "",
      stderr: "sip-engine: unknown argument: --colour=red\nsip-engine: legwork-sip-engine --help tells all options\n",
    });
    for (const wrong of [["--colour"], ["x"], ["--seconds", "5"], []]) {
      const outcome = await engine("trace", ...wrong);
      expect([wrong, outcome.code, outcome.stdout]).toEqual([wrong, 2, ""]);
      expect(outcome.stderr).toContain("trace --help");
    }
    const nobody = await engine("trace", "--http", "127.0.0.1:1");
    expect(nobody).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("was the engine started with --http?") as unknown,
    });
  });

  it("takes a call of SIPp for a drachtio-srf application and shows it", async () => {
    const listen = ["--sip", "udp:127.0.0.1:0", "--admin", "127.0.0.1:0", "--http", "127.0.0.1:0"];
    const child = spawn(process.execPath, [cli(), ...listen], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(child, "exit");
    const [line] = (await once(createInterface(child.stdout), "line")) as [string];
    const { sip, admin, http, msg } = JSON.parse(line) as { sip: string; admin: number; http: number; msg: string };
    expect(msg).toBe("listening");
    const srf = newSrf();
    try {
      const connected = new Promise((resolve) => srf.on("connect", resolve));
      srf.connect({ host: "127.0.0.1", port: admin, secret: "cymru" });
      await connected;
      srf.invite((req, res) => void srf.createUAS(req, res, { localSdp: SDP }));
      const routes = async (): Promise<string> => (await fetch(`http://127.0.0.1:${http}/debug/dump`)).text();
      for (let asked = await routes(); !asked.includes("invite");) asked = await routes();
      const at = ["--http", `127.0.0.1:${http}`];
      expect(await engine("trace", ...at, "--number", "service", "--seconds", "60")).toMatchObject({
        code: 0,
        stderr: "",
      });
      let followed = "";
      const follower = spawn(process.execPath, [cli(), "trace", ...at, "--follow"], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      follower.stdout.on("data", (chunk: Buffer) => (followed += chunk.toString()));
      const call = await Sipp.caller("uac-is-answered-and-hangs-up.xml", Number(sip.split(":")[1]));
      await call.done;
      await until(
        () => followed.includes(" BYE "),
        () => `follow showed: ${followed}`,
      );
      const left = once(follower, "exit");
      follower.kill();
      await left;
      const { stdout } = await engine("trace", ...at, "1");
      expect(stdout).toMatch(/INVITE[^]*100 Trying[^]*200 OK[^]*ACK[^]*BYE[^]*200 OK/);
      expect((await engine("trace", ...at)).stdout).toMatch(
        /^ {3}1 .* 6 messages .* INVITE, 200 OK after .*\nRecording until /,
      );
      await engine("trace", ...at, "all", "--pcap", "call.pcap");
      expect(readFileSync(join(folder, "call.pcap")).readUInt32LE(0)).toBe(0xa1b2c3d4);
      expect((await engine("trace", ...at, "--stop")).stdout).toBe("Not recording.\n");
      expect((await engine("trace", ...at, "1")).code).toBe(1);
    } finally {
      srf.disconnect();
      child.kill("SIGTERM");
      await ended;
    }
  });
});
