import type { AnyOp } from "@bn-only/frozen-layers";
import { conformanceCases, labelOf, layerCases } from "@bn-only/frozen-layers/conformance";
import type { BackendCandidate, BackendOptions } from "../candidate.ts";
import { BackendError } from "../errors.ts";
import { assertNames } from "../options.ts";
import { candidatesWith } from "../registry.ts";
import { useBackend } from "../use-backend.ts";

/** `test` of vitest, jest or node:test. */
export type RegisterTest = (name: string, run: () => Promise<void>) => unknown;

/** How `testBackend` prepares a backend, and which kernels it must have. */
export interface BackendExpectations {
  /** Ops that it has kernels of its own for: none of them may run by the definition. Default: none. */
  readonly ops?: readonly AnyOp[] | undefined;
  /** Options to prepare it with. Default: none. */
  readonly options?: BackendOptions | undefined;
}

/**
 * Registers the tests that every backend has to pass: it is selected and trains as PyTorch does, every op agrees with float64, gradients of every
 * layer with central differences, and no tensor is left.
 *
 * @param test of your test runner
 */
export function testBackend(
  test: RegisterTest,
  candidate: BackendCandidate,
  expected: BackendExpectations = {},
): void {
  candidatesWith([candidate]);
  assertNames<BackendExpectations>("testBackend", expected, { ops: true, options: true });
  const { ops = [], options = {} } = expected;
  const { name } = candidate;
  const select = () => useBackend(name, { ...options, candidates: [candidate] });

  test(`${name}: is selected, and trains as PyTorch does`, async () => void (await select()));

  for (const { op, name: shapes, tolerance, run } of conformanceCases()) {
    test(`${name}: ${labelOf(op)}, ${shapes}`, async () => {
      await select();
      const { error } = await run(ops);
      check(
        error <= tolerance,
        `it is off by ${error.toPrecision(2)}, at most ${tolerance} is right`,
      );
    });
  }

  for (const { name: layers, tolerance, run } of layerCases()) {
    test(`${name}: gradients of ${layers}`, async () => {
      await select();
      const { error, parameter } = await run(ops);
      check(error <= tolerance, `the gradient of ${parameter} is off by ${error.toPrecision(2)}`);
    });
  }
}

function check(fits: boolean, fault: string): asserts fits {
  if (!fits) throw new BackendError(`testBackend: ${fault}.`);
}
