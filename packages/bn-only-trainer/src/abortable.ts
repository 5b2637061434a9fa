/**
 * What `batches` gives, until the signal's reason is thrown: also while a source waits for something that
 * never comes. It is closed whichever way the reader leaves; after an abort nobody waits for that.
 */
export async function* abortable<Value>(
  batches: Iterable<Value> | AsyncIterable<Value>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Value, void> {
  const iterator =
    Symbol.asyncIterator in batches ? batches[Symbol.asyncIterator]() : batches[Symbol.iterator]();
  let ended = false;
  try {
    while (true) {
      const { done, value } = await orAborted(iterator.next(), signal);
      if (done) {
        ended = true;
        return;
      }
      yield await orAborted(value, signal);
    }
  } finally {
    if (signal?.aborted) void (async () => iterator.return?.())().catch(() => {});
    else if (!ended) await iterator.return?.();
  }
}

/** The value, or the signal's reason where that comes first. */
export async function orAborted<Value>(
  value: Value | PromiseLike<Value>,
  signal: AbortSignal | undefined,
): Promise<Value> {
  if (signal === undefined) return value;
  if (signal.aborted) {
    // Nobody waits for the value, which may reject for the same reason.
    void Promise.resolve(value).catch(() => {});
    throw signal.reason;
  }
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([value, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
