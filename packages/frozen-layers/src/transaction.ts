import { assertFunction } from "./check.ts";
import { engine, tidy } from "@tensorflow/tfjs-core";

/**
 * Runs `work`, which accounts for every tensor itself. If it throws, the tensors that it had made
 * are disposed; if it returns, all that it left alive stay alive.
 */
export function disposingOnError<Result>(work: () => Result): Result {
  assertFunction("disposingOnError: work", work);
  let result: Result;
  tidy(() => {
    result = work();
    return [...engine().state.activeScope.track];
  });
  return result!;
}
