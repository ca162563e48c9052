export interface Config {
  /** Where sip-proxy asks for calls. */
  readonly listen: { readonly host: string; readonly port: number };
  readonly token: string;
  /** What the product reaches this caller's SIP and media at. */
  readonly address: string;
  /** Our own SIP engine. */
  readonly engine: { readonly host: string; readonly port: number; readonly secret: string };
  /** The product's SIP: whom we call, and who may call us. */
  readonly target: { readonly address: string; readonly port: number };
  readonly speechDir: string;
  readonly language: "en" | "nb";
  readonly logLevel: string;
}

/** Reads the environment once. All mistakes come in one error. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const mistakes: string[] = [];
  const required = (name: string): string => {
    if (!env[name]) mistakes.push(`${name} is missing`);
    return env[name] ?? "";
  };
  const address = (name: string): { host: string; port: number } => {
    const [, host, port] = /^(.+):(\d{1,5})$/.exec(required(name)) ?? [];
    if (env[name] && !host) mistakes.push(`${name} must be host:port, not ${JSON.stringify(env[name])}`);
    return { host: host ?? "", port: Number(port ?? 0) };
  };
  const target = (): Config["target"] => {
    const [, host = "", port] = /^sip:([^:@;]+):(\d{1,5})$/.exec(required("LEGWORK_TARGET")) ?? [];
    if (env["LEGWORK_TARGET"] && !port) mistakes.push("LEGWORK_TARGET must be sip:host:port");
    return { address: host, port: Number(port ?? 0) };
  };
  const config: Config = {
    listen: address("LEGWORK_DEMO_LISTEN"),
    token: required("LEGWORK_DEMO_TOKEN"),
    address: required("LEGWORK_DEMO_ADDRESS"),
    engine: { ...address("LEGWORK_ENGINE"), secret: required("LEGWORK_ENGINE_SECRET") },
    target: target(),
    speechDir: required("LEGWORK_SPEECH_DIR"),
    language: env["LEGWORK_DEMO_LANGUAGE"] === "nb" ? "nb" : "en",
    logLevel: env["LEGWORK_LOG_LEVEL"] || "info",
  };
  if (mistakes.length > 0)
    throw new Error(`The environment of demo-customer is not right:\n- ${mistakes.join("\n- ")}`);
  return config;
}
