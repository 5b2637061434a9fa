import { countParameters, type Network, outlineNetwork } from "@bn-only/frozen-layers";
import { checkGradients } from "@bn-only/frozen-layers/conformance";
import { memory } from "@tensorflow/tfjs-core";
import { type Architecture, assertArchitecture } from "../architecture.ts";
import { assertOptions } from "../check.ts";
import { createNetwork, defineNetwork } from "../create-network.ts";
import { ZooError } from "../errors.ts";

/** `test` of vitest, jest or node:test. */
export type RegisterTest = (name: string, run: () => Promise<void>) => unknown;

/** What `testArchitecture` compares an architecture with. */
export interface ArchitectureExpectations {
  /** Names of the family. */
  readonly valid: readonly string[];
  /** Names that look like it and are none. */
  readonly invalid: readonly string[];
  /** Numbers of parameters by name, from the literature or by hand: all, and those of BatchNorm. */
  readonly counts: Readonly<Record<string, { readonly total: number; readonly batchNorm: number }>>;
  /** The smallest network that has every kind of block, on images as small as it takes. */
  readonly tiny: {
    readonly name: string;
    readonly inputShape: readonly [number, number, number];
    readonly classes: number;
  };
  /** Largest relative error of gradients against central differences. Default 0.05, for kinks of ReLU. */
  readonly tolerance?: number | undefined;
}

/**
 * Registers the tests that every architecture has to pass, on tfjs's current backend: grammar, counts, purity, weights from
 * the seed, gradients of BatchNorm against central differences, and that no tensor is left.
 *
 * @param test of your test runner
 */
export function testArchitecture<Configuration>(
  test: RegisterTest,
  architecture: Architecture<Configuration>,
  expected: ArchitectureExpectations,
): void {
  assertArchitecture(architecture);
  assertOptions("testArchitecture", expected, {
    valid: true,
    invalid: true,
    counts: true,
    tiny: true,
    tolerance: true,
  });
  const { family } = architecture;
  const { valid, invalid, counts, tiny, tolerance = 0.05 } = expected;
  const architectures = [architecture as Architecture];
  const { name, inputShape, classes } = tiny;
  const create = (seed: number): Network =>
    createNetwork(name, { architectures, inputShape, classes, seed });

  test(`${family}: its names are parsed, and no others`, async () => {
    const strangers = valid.filter((one) => architecture.parse(one) === undefined);
    check(strangers.length === 0, `parse() refuses ${strangers.join(", ")}`);
    const taken = invalid.filter((one) => architecture.parse(one) !== undefined);
    check(taken.length === 0, `parse() takes ${taken.join(", ")}`);
  });

  for (const [one, { total, batchNorm }] of Object.entries(counts)) {
    test(`${one}: as many parameters as expected`, async () => {
      const { parameters } = outlineNetwork(defineNetwork(one, { architectures }));
      const actual = countParameters(parameters);
      check(actual.total === total, `${one} has ${actual.total} parameters, expected ${total}`);
      check(
        actual.batchNorm === batchNorm,
        `the BatchNorm of ${one} has ${actual.batchNorm} parameters, expected ${batchNorm}`,
      );
    });
  }

  test(`${name}: building makes no tensor, and the output is one number for each class`, async () => {
    const before = memory().numTensors;
    for (const number of [classes, classes + 1]) {
      const { layer } = defineNetwork(name, { architectures, inputShape, classes: number });
      const { outputShape } = layer.outline(inputShape);
      check(outputShape.join() === String(number), `the output is [${outputShape.join()}]`);
    }
    check(memory().numTensors === before, "build() makes tensors; weights are the network's");
  });

  test(`${name}: its weights follow from the seed`, async () => {
    const prints: string[] = [];
    for (const seed of [1, 1, 2]) {
      const network = create(seed);
      prints.push(await network.fingerprint());
      network.dispose();
    }
    check(prints[0] === prints[1], "one seed gives two networks");
    check(prints[0] !== prints[2], "two seeds give one network");
  });

  test(`${name}: gradients of BatchNorm are right, and no tensor is left`, async () => {
    const before = memory().numTensors;
    const network = create(3);
    try {
      network.setTrainable("bn");
      const { error, parameter } = await checkGradients(network);
      check(
        error <= tolerance,
        `the gradient of ${parameter} is off by ${error.toPrecision(2)}, expected ${tolerance} at most`,
      );
    } finally {
      network.dispose();
    }
    const left = memory().numTensors - before;
    check(left === 0, `${left} tensors are left after the network was disposed`);
  });
}

function check(fits: boolean, fault: string): asserts fits {
  if (!fits) throw new ZooError(`testArchitecture: ${fault}.`);
}
