/**
 * A press this soon after a button came into sight was meant for what stood there before: the second half of a double click, or a
 * press in the moment in which a colleague declined (CO-8).
 */
export const SETTLING_MS = 500;

interface Shown {
  readonly visible: boolean;
}

/** When each button came into sight that was not there from the start, in ms of a clock that only goes forward. */
export type Appearances = ReadonlyMap<string, number>;

/** The appearances after a change of the buttons. One that goes and comes back has appeared anew. */
export function appearancesAfter(
  appearances: Appearances,
  before: Readonly<Record<string, Shown>>,
  after: Readonly<Record<string, Shown>>,
  now: number,
): Appearances {
  const next = new Map<string, number>();
  for (const [name, { visible }] of Object.entries(after)) {
    if (!visible) continue;
    const at = before[name]?.visible ? appearances.get(name) : now;
    if (at !== undefined) next.set(name, at);
  }
  return next;
}

/** How long a press of this button is still to be ignored, in ms; 0 when it counts. */
export const settlesInMs = (appearances: Appearances, name: string, now: number): number =>
  Math.max(0, (appearances.get(name) ?? -SETTLING_MS) + SETTLING_MS - now);
