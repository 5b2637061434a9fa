import { Session } from "node:inspector";
import type { Profiler } from "node:inspector";

/** Which code of what is under test has run. */
export interface Coverage {
  /** Code that has run since the last question. */
  look(): Look;
  /** Bytes of source that have run at all, of those that were remembered. */
  readonly bytes: number;
}

interface Look {
  /** Bytes of source that had not run before. */
  readonly news: number;
  /** Counts them as known from now on. */
  remember(): void;
}

/** What is under test: the bundle and the libraries that it calls. */
const ownFolder = new URL(".", import.meta.url).href;
const libraries = /node_modules\/(jpeg-js|modern-tar)\//;

/**
 * Looks at this thread by `node:inspector`. V8 tells ranges of the source with a count each, and leaves out those that follow
 * from others, so they differ from look to look: what is compared is whether each byte has run.
 */
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
  const seen = new Map<string, Uint8Array>();
  const seenOf = (scriptId: string, length: number): Uint8Array => {
    let bytes = seen.get(scriptId);
    if (bytes === undefined || bytes.length < length) {
      const longer = new Uint8Array(length);
      longer.set(bytes ?? []);
      seen.set(scriptId, longer);
      bytes = longer;
    }
    return bytes;
  };
  return {
    get bytes() {
      return [...seen.values()]
        .flatMap((bytes) => bytes.filter((ran) => ran === 1).length)
        .reduce((a, b) => a + b, 0);
    },
    look() {
      const { result } = post<Profiler.TakePreciseCoverageReturnType>(
        "Profiler.takePreciseCoverage",
      );
      const fresh: [string, number][] = [];
      for (const { scriptId, url, functions } of result) {
        if (!url.startsWith(ownFolder) && !libraries.test(url)) continue;
        const ran = ranIn(functions);
        const known = seenOf(scriptId, ran.length);
        for (let at = 0; at < ran.length; at++) {
          if (ran[at]! > known[at]!) fresh.push([scriptId, at]);
        }
      }
      return {
        news: fresh.length,
        remember() {
          for (const [scriptId, at] of fresh) seen.get(scriptId)![at] = 1;
        },
      };
    },
  };
}

/** Whether each byte of a script has run; ranges inside others come after them. */
function ranIn(functions: readonly Profiler.FunctionCoverage[]): Uint8Array {
  const ranges = functions.flatMap((one) => one.ranges);
  const ran = new Uint8Array(Math.max(0, ...ranges.map(({ endOffset }) => endOffset)));
  for (const { startOffset, endOffset, count } of ranges) {
    ran.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  }
  return ran;
}
