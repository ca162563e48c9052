// How a person, a service manager and a terminal that closes ask `npm start` to stop.

const ONE_KEYPRESS_MS = 1000; // npm passes a Ctrl-C on that the terminal has sent already
const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/**
 * The first signal asks to stop, a later one stops at once; until `ready()` is called the first does.
 * Returns { ready(), asked: resolves at the first signal }.
 */
export function onStopSignals() {
  let isReady = false;
  let askedAt;
  let ask;
  const asked = new Promise((resolve) => {
    ask = resolve;
  });
  for (const [signal, code] of Object.entries(EXIT_CODES)) {
    process.on(signal, () => {
      if (!isReady) process.exit(code);
      if (askedAt !== undefined && Date.now() - askedAt > ONE_KEYPRESS_MS) process.exit(code);
      askedAt ??= Date.now();
      ask();
    });
  }
  // The terminal may be gone already: that nobody reads any more does not keep anything from ending in order.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  return {
    asked,
    ready: () => {
      isReady = true;
    },
  };
}
