/** Longest time in milliseconds that a server may ask to wait. */
export const longestWait = 60_000;

/** Something that another try may get around; the message is what happened. */
export class Interruption extends Error {
  /** Milliseconds that the server asked to wait; undefined when it did not. */
  readonly wait: number | undefined;
  /** How many tries it is worth at most. */
  readonly tries: number;
  /** What has arrived is of no use. */
  readonly afresh: boolean;

  constructor(
    message: string,
    options: { wait?: number | undefined; tries?: number; afresh?: boolean } = {},
  ) {
    super(message);
    this.wait = options.wait;
    this.tries = options.tries ?? Infinity;
    this.afresh = options.afresh ?? false;
  }
}

/** Milliseconds before the second, third, ... try: 500, 1000, 2000, ... */
export function backOff(tries: number): number {
  return 250 * 2 ** (tries - 1);
}

/** Whether a server that answers so may answer otherwise soon. */
export function isBusy(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || (status >= 500 && status !== 501);
}

/** Milliseconds in a `Retry-After`: seconds, or a date; undefined when there is none. */
export function retryAfter(header: string | null): number | undefined {
  if (header === null || header.trim() === "") return undefined;
  const wait = /^\d+$/.test(header.trim())
    ? 1000 * Number(header)
    : Math.max(0, Date.parse(header) - Date.now());
  return Number.isNaN(wait) ? undefined : wait;
}
