import type { Network, Parameter } from "@bn-only/frozen-layers";
import { documentVectors } from "@bn-only/testing/document-vectors";
import { expect, test } from "vitest";
import { type Condition, conditionSelection } from "../src/index.ts";

interface Inputs {
  readonly seed: number;
  readonly path: string;
  readonly size: number;
  readonly outputs: number;
  readonly k: number;
}

// docs/init-v1.md, which Python's standard library checks too: tools/init-v1/check.py.
test.each(documentVectors<Inputs>("random"))(
  "docs/init-v1.md: random-$k of $path, seed $seed",
  ({ seed, path, size, outputs, k, expected }) => {
    const condition = `random-${k}` as Condition;
    const selection = conditionSelection(condition, { seed } as Network);
    const { indices } = selection as { indices: (parameter: Parameter) => Int32Array };
    const parameter = { path, size, shape: [size / outputs, outputs], fanIn: size / outputs };
    expect([...indices(parameter as unknown as Parameter)]).toEqual(expected);
  },
);
