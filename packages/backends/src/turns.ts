let last: Promise<unknown> = Promise.resolve();

/**
 * Runs `work` when all that was given before has ended, well or not: a backend is started and selected in
 * several steps, and two at once would start two sets of threads.
 */
export function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  const turn = last.then(work);
  last = turn.catch(() => undefined);
  return turn;
}
