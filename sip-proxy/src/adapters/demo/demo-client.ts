/** Asks the demo customer's own process to call in. */
export function demoCaller(url: string, token: string): (number: string) => Promise<boolean> {
  return async (number) => {
    try {
      const answer = await fetch(`${url}/call`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
        body: JSON.stringify({ number }),
        signal: AbortSignal.timeout(3_000),
      });
      return answer.ok;
    } catch {
      return false; // not running: the agent is told to try again
    }
  };
}
