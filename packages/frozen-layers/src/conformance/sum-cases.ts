import { clone } from "@tensorflow/tfjs-core";
import { runOp } from "../kernels/run-op.ts";
import { sumOp } from "../ops/sum.ts";
import { type ConformanceCase, conformanceCase, withTensors } from "./case.ts";

/** The sum of two branches, which may overwrite its first input but no clone of it. */
export function sumCases(): ConformanceCase[] {
  const shape = [3, 5, 7, 4];
  return [
    conformanceCase({
      op: sumOp,
      name: `${shape.join("x")}, a clone of the first input stays`,
      compare(draw) {
        const [a, b] = [draw("a", shape), draw("b", shape)];
        return {
          expected: [{ shape, values: a.values.map((value, i) => value + b.values[i]!) }, a],
          actual: () =>
            withTensors([a, b], (first, second) => {
              const kept = clone(first!);
              return [runOp(sumOp, { a: first!, b: second! }, {}).output, kept];
            }),
        };
      },
    }),
  ];
}
