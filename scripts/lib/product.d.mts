/** Where each part listens; `mediaRange` is [first, last] of the UDP ports for media. */
export interface ProductPorts {
  http: number;
  ops: number;
  sip: number;
  sipWs: number;
  admin: number;
  engineHttp: number;
  media: number;
  demoSip: number;
  demoAdmin: number;
  demoEngineHttp: number;
  demoHttp: number;
  mediaRange: [number, number];
}

export interface ProductOptions {
  dataDir?: string;
  host?: string;
  /** Addresses that browsers reach media at. */
  media?: string[];
  ports?: Partial<ProductPorts>;
  siteFile?: string;
  logDir?: string;
  /** Whether the demo customer runs too. Default: yes. */
  demo?: boolean;
  /** Whether a crashed process is started again. Default: yes. */
  restarts?: boolean;
  logLevel?: string;
  onEvent?: (event: { type: "started" | "crashed" | "error-line"; name: string; detail: unknown }) => void;
}

/** One running process of the product. */
export interface ProductProcess {
  readonly name: string;
  readonly pid: number | undefined;
  readonly running: boolean;
  readonly logFile: string;
  /** The last lines of its output. */
  tail(): string;
  kill(signal?: NodeJS.Signals): boolean;
  ready(timeoutMs: number): Promise<void>;
}

export interface Product {
  readonly urls: { readonly page: string; readonly sip: string; readonly ops: string };
  readonly processes: ReadonlyMap<string, ProductProcess>;
  stop(): Promise<void>;
}

/** Starts every process and waits until each is well; a failed start leaves nothing running. */
export function startProduct(options?: ProductOptions): Promise<Product>;
