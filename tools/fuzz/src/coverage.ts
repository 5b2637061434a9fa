import { Session } from "node:inspector";
import type { Profiler } from "node:inspector";

/** Which blocks of the code under test have run. */
export interface Coverage {
  /** Blocks that have run for the first time since the last question. */
  takeNew(): readonly string[];
  /** Counts blocks as not seen. */
  forget(blocks: readonly string[]): void;
  /** Counts blocks as seen. */
  remember(blocks: readonly string[]): void;
  /** How many have run at all. */
  readonly blocks: number;
}

/** What is under test: the bundle and the libraries that it calls. */
const ownFolder = new URL(".", import.meta.url).href;
const libraries = /node_modules\/(jpeg-js|modern-tar)\//;

/** Counts blocks of this thread by `node:inspector`. */
export function startCoverage(): Coverage {
  const session = new Session();
  session.connect();
  // The session answers within the call.
  const post = <Result>(method: string, parameters: object = {}): Result => {
    let answer: unknown;
    session.post(method, parameters, (error, result) => {
      if (error) throw error;
      answer = result;
    });
    return answer as Result;
  };
  post("Profiler.enable");
  post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  const seen = new Set<string>();
  return {
    get blocks() {
      return seen.size;
    },
    forget(blocks) {
      for (const block of blocks) seen.delete(block);
    },
    remember(blocks) {
      for (const block of blocks) seen.add(block);
    },
    takeNew() {
      const found: string[] = [];
      const { result } = post<Profiler.TakePreciseCoverageReturnType>(
        "Profiler.takePreciseCoverage",
      );
      for (const { scriptId, url, functions } of result) {
        if (!url.startsWith(ownFolder) && !libraries.test(url)) continue;
        for (const { ranges } of functions) {
          for (const { startOffset, endOffset, count } of ranges) {
            const block = `${scriptId}:${startOffset}:${endOffset}`;
            if (count === 0 || seen.has(block)) continue;
            seen.add(block);
            found.push(block);
          }
        }
      }
      return found;
    },
  };
}
