import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** PEM files of a certificate nobody has signed. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
  remove(): void;
}

export function selfSigned(): Certificate {
  const dir = mkdtempSync(join(tmpdir(), "tls-"));
  const [key, cert] = [join(dir, "key.pem"), join(dir, "cert.pem")];
  const request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  execFileSync("openssl", [...request, "-subj", "/CN=localhost", "-keyout", key, "-out", cert], { stdio: "ignore" });
  return { key, cert, remove: () => rmSync(dir, { recursive: true }) };
}
