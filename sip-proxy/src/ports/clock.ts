/** Time, as the core may use it: through the shell. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back once after `ms` unless the returned function is called before. */
  after(ms: number, callback: () => void): () => void;
}
