import { tensor1d } from "@tensorflow/tfjs-core";
import { runOp } from "../kernels/run-op.ts";
import { denseGradientOp, denseOp } from "../ops/dense.ts";
import { softmaxCrossEntropyOp } from "../ops/softmax-cross-entropy.ts";
import { type ConformanceCase, conformanceCase, withTensors } from "./case.ts";
import { type Array64, zeros64 } from "./float64/array.ts";

/** Output layer and loss. */
export function headCases(): ConformanceCase[] {
  return [
    ...[
      [5, 64, 10],
      [7, 33, 11],
      [1, 3, 2],
      [9, 130, 40],
    ].flatMap(([batch, inputs, outputs]) => denseCases(batch!, inputs!, outputs!)),
    ...[
      [5, 10, 1],
      [7, 3, 100],
      [1, 2, 1],
    ].map(([batch, classes, scale]) => lossCase(batch!, classes!, scale!)),
  ];
}

function denseCases(batch: number, inputs: number, outputs: number): ConformanceCase[] {
  const name = `${batch}x${inputs} to ${outputs}`;
  const product = (
    rows: number,
    columns: number,
    inner: number,
    term: (i: number, j: number, k: number) => number,
  ): Array64 => {
    const result = zeros64([rows, columns]);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++)
        for (let k = 0; k < inner; k++) result.values[i * columns + j]! += term(i, j, k);
    return result;
  };
  return [
    conformanceCase({
      op: denseOp,
      name,
      compare(draw) {
        const x = draw("input", [batch, inputs]);
        const w = draw("kernel", [inputs, outputs]);
        const b = draw("bias", [outputs]);
        const y = product(
          batch,
          outputs,
          inputs,
          (i, j, k) => x.values[i * inputs + k]! * w.values[k * outputs + j]!,
        );
        const values = y.values.map((value, i) => value + b.values[i % outputs]!);
        return {
          expected: [{ shape: y.shape, values }],
          actual: () =>
            withTensors([x, w, b], (input, kernel, bias) => [
              runOp(denseOp, { input: input!, kernel: kernel!, bias }, {}).output,
            ]),
        };
      },
    }),
    conformanceCase({
      op: denseGradientOp,
      name,
      compare(draw) {
        const x = draw("input", [batch, inputs]);
        const w = draw("kernel", [inputs, outputs]);
        const dy = draw("gradient", [batch, outputs]);
        const bias = zeros64([outputs]);
        dy.values.forEach((value, i) => (bias.values[i % outputs]! += value));
        return {
          expected: [
            product(
              batch,
              inputs,
              outputs,
              (i, j, k) => dy.values[i * outputs + k]! * w.values[j * outputs + k]!,
            ),
            product(
              inputs,
              outputs,
              batch,
              (i, j, k) => x.values[k * inputs + i]! * dy.values[k * outputs + j]!,
            ),
            bias,
          ],
          actual: () =>
            withTensors([dy, w, x], (gradient, kernel, input) => {
              const wanted = { input: true, kernel: true, bias: true };
              const values = { outputGradient: gradient!, kernel: kernel!, input };
              const gradients = runOp(denseGradientOp, values, wanted);
              return [gradients.inputGradient!, gradients.kernelGradient!, gradients.biasGradient!];
            }),
        };
      },
    }),
  ];
}

function lossCase(batch: number, classes: number, scale: number): ConformanceCase {
  return conformanceCase({
    op: softmaxCrossEntropyOp,
    name: `${batch}x${classes}, logits times ${scale}`,
    tolerance: 3e-6,
    compare(draw) {
      const drawn = draw("logits", [batch, classes]);
      const z: Array64 = {
        ...drawn,
        values: drawn.values.map((value) => Math.fround(value * scale)),
      };
      const labels = Int32Array.from({ length: batch }, (_, i) => (i * 7 + 1) % classes);
      const gradient = zeros64([batch, classes]);
      let loss = 0;
      let correct = 0;
      for (let i = 0; i < batch; i++) {
        const row = z.values.subarray(i * classes, (i + 1) * classes);
        const largest = Math.max(...row);
        const total = row.reduce((sum, value) => sum + Math.exp(value - largest), 0);
        loss += (Math.log(total) + largest - row[labels[i]!]!) / batch;
        if (row.indexOf(largest) === labels[i]) correct += 1;
        row.forEach((value, j) => {
          const target = j === labels[i] ? 1 : 0;
          gradient.values[i * classes + j] = (Math.exp(value - largest) / total - target) / batch;
        });
      }
      const scalar = (value: number): Array64 => ({ shape: [], values: Float64Array.of(value) });
      return {
        expected: [scalar(loss), scalar(correct), gradient],
        actual: () =>
          withTensors([z], (logits) => {
            const labelTensor = tensor1d(labels, "int32");
            const result = runOp(
              softmaxCrossEntropyOp,
              { logits: logits!, labels: labelTensor },
              {},
            );
            labelTensor.dispose();
            return [result.loss, result.correct, result.gradient];
          }),
      };
    },
  });
}
