/** `info`: one line per lifecycle transition; `debug`: each step; `warn`: recovered; `error`: someone must look. */
export interface Log {
  debug(context: object, message: string): void;
  info(context: object, message: string): void;
  warn(context: object, message: string): void;
  error(context: object, message: string): void;
  child(bindings: object): Log;
}
