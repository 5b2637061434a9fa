import { SourceError } from "../errors.ts";

/** Aborts when nothing has happened for a while. */
export interface StallTimer {
  /** Aborted with a SourceError on a stall, or with the outer signal's reason. */
  readonly signal: AbortSignal;
  /** Something happened: start waiting anew, for `milliseconds` if given. */
  restart(describe: () => string, milliseconds?: number): void;
  /** Aborts at once. */
  giveUp(reason: string): void;
  /** For good: a later `restart` does nothing. */
  stop(): void;
}

/**
 * @param describe the reason when nothing happens within `milliseconds`
 * @param outer aborts the returned signal too
 */
export function stallTimer(
  milliseconds: number,
  outer: AbortSignal,
  describe: () => string,
): StallTimer {
  const stalled = new AbortController();
  let timer: ReturnType<typeof setTimeout>;
  let stopped = false;
  const start = (reason: () => string, wait: number): void => {
    if (stopped) return;
    timer = setTimeout(() => stalled.abort(new SourceError(reason())), wait);
  };
  start(describe, milliseconds);
  return {
    signal: AbortSignal.any([outer, stalled.signal]),
    restart(reason, wait = milliseconds) {
      clearTimeout(timer);
      start(reason, wait);
    },
    giveUp: (reason) => stalled.abort(new SourceError(reason)),
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** Milliseconds as seconds, for messages. */
export function seconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`;
}

/** Bytes a second below which a source is passed over. */
const slowest = 10_000;

/** Stretches of `timeout` over which the rate is taken. */
const stretches = 3;

/**
 * Says when less than 10 kB/s arrived for three times `timeout` milliseconds.
 *
 * @param already bytes that were there before
 * @returns a function of the bytes so far, which returns the reason to give up
 */
export function slowCheck(
  timeout: number,
  already: number,
): (received: number) => string | undefined {
  const span = stretches * timeout;
  let [since, before] = [performance.now(), already];
  return (received) => {
    const elapsed = performance.now() - since;
    if (elapsed < span) return undefined;
    const rate = (1000 * (received - before)) / elapsed;
    [since, before] = [performance.now(), received];
    return rate < slowest ? `less than ${slowest / 1000} kB/s for ${seconds(span)}` : undefined;
  };
}
