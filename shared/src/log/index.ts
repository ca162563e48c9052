/** What a log says of an error: an allow-list, as an error's own fields may be a whole SIP message with its credentials, or a row of somebody's data. */
export interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
  /** Of the operating system, PostgreSQL or a library: ECONNREFUSED, 23505. */
  readonly code?: string | number;
  /** Of a SIP or HTTP answer. */
  readonly status?: number;
  readonly cause?: LoggedError;
}

/** Errors that caused errors, so many deep. */
const MAX_CAUSES = 3;

/** Serializer for the field `error` of a log entry, whatever was thrown. Pure; never throws. */
export function loggedError(thrown: unknown): LoggedError | string {
  return thrown instanceof Error ? told(thrown, MAX_CAUSES) : typeof thrown === "string" ? thrown : typeof thrown;
}

function told(error: Error, causes: number): LoggedError {
  const { cause, code, stack, status } = error as Error & { code?: unknown; status?: unknown };
  return {
    type: error.constructor.name,
    message: error.message,
    ...(stack !== undefined && { stack }),
    ...((typeof code === "string" || typeof code === "number") && { code }),
    ...(typeof status === "number" && { status }),
    ...(cause instanceof Error && causes > 0 && { cause: told(cause, causes - 1) }),
  };
}
