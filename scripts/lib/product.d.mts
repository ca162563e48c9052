// Types of product.mjs, for the tests that start the product.
import type { Supervised } from "./supervised.mjs";

export interface ProductOptions {
  readonly dataDir?: string;
  readonly host?: string;
  /** Addresses for media. */
  readonly media?: readonly string[];
  readonly siteFile?: string;
  readonly logDir?: string;
  readonly demo?: boolean;
  readonly restarts?: boolean;
  readonly logLevel?: string;
  /** Whose ways the engine has where they differ from the RFCs: `drachtio-server`. */
  readonly imitate?: string;
  readonly onEvent?: (event: { readonly type: string; readonly name: string; readonly detail?: unknown }) => void;
}

export interface RunningProduct {
  readonly urls: { readonly page: string; readonly sip: string; readonly ops: string };
  readonly setting: { readonly ports: Readonly<Record<string, number>>; readonly logDir: string };
  readonly processes: ReadonlyMap<string, Supervised>;
  stop(): Promise<void>;
}

export function startProduct(options?: ProductOptions): Promise<RunningProduct>;
