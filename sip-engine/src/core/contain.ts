/** Takes note of a bug: an exception nobody expected. */
export type Report = (error: unknown) => void;

/** Runs what nothing above would catch: an exception is reported and harms no other call. */
export function contain(report: Report, work: () => void): void {
  try {
    work();
  } catch (error) {
    report(error);
  }
}

/** Reports by throwing on: for tests, which are to fail. */
export const rethrow: Report = (error) => {
  throw error;
};
