import { readCommandLine } from "@bn-only/testing/command-line";
import {
  concatChannelsOp,
  dense,
  disposePass,
  globalAveragePool,
  type Layer,
  multiplyChannelsGradientOp,
  multiplyChannelsOp,
  Network,
  runOp,
  sequential,
  splitChannelsOp,
  trainingPass,
} from "@bn-only/frozen-layers";
import { useBackend } from "@bn-only/trainer";
import { randomNormal } from "@tensorflow/tfjs-core";
import { blocks } from "./blocks.ts";
import { compute } from "./compute.ts";

// Forward and backward of the layers of some blocks, each by itself, and of each block in one piece;
// BatchNorm trains. A tensor counts once for each pass that has to read or write it.

const values = readCommandLine({
  command: "npm run bench:layers --",
  about: "Layers and blocks of DenseNet, MobileNet and MixNet, each by itself.",
  options: {
    backend: { type: "string", default: "wasm", help: "backend", placeholder: "name" },
    threads: {
      type: "string",
      default: "1",
      help: "threads of the backend",
      placeholder: "n",
      from: 1,
    },
    "batch-size": {
      type: "string",
      default: "16",
      help: "images in a batch",
      placeholder: "n",
      from: 1,
    },
    steps: {
      type: "string",
      default: "10",
      help: "steps that are timed",
      placeholder: "n",
      from: 1,
    },
    json: { type: "boolean", default: false, help: "one line of JSON" },
  },
});
const batch = Number(values["batch-size"]);
const steps = Number(values.steps);

interface Row {
  readonly block: string;
  readonly layer: string;
  readonly shape: readonly number[];
  readonly forwardMs: number;
  readonly backwardMs: number;
  /** Of both passes. */
  readonly gmacs: number;
  readonly gigabytes: number;
}

await useBackend(values.backend as "wasm", { threads: Number(values.threads) });
const rows = Object.entries(blocks).flatMap(([block, { inputShape, layer }]) =>
  measureBlock(block, inputShape, layer()),
);
if (values.json) console.log(JSON.stringify(rows));
else print();

function measureBlock(block: string, inputShape: readonly number[], layer: Layer): Row[] {
  const inputs = recordInputs(layer);
  const channels = layer.outline(inputShape).outputShape.at(-1)!;
  const head = { pool: globalAveragePool(), head: dense({ inputs: channels, outputs: 10 }) };
  const network = new Network({
    name: block,
    layer: sequential({ block: layer, ...head }),
    inputShape,
    classes: 10,
  });
  network.setTrainable("bn");
  const whole = [measureLayer(block, "all of it", layer, inputShape)];
  const parts = [...inputs].flatMap(([part, shape]) =>
    Object.keys(part.children).length === 0
      ? [measureLayer(block, labelOf(part), part, shape)]
      : joins(block, part, shape),
  );
  network.dispose();
  return [...parts, ...whole];
}

/** What every layer inside gets as its input, once the outline is asked for. */
function recordInputs(layer: Layer): Map<Layer, readonly number[]> {
  const inputs = new Map<Layer, readonly number[]>();
  const visit = (part: Layer): void => {
    const outline = part.outline.bind(part);
    part.outline = (shape) => {
      inputs.set(part, shape);
      return outline(shape);
    };
    Object.values(part.children).forEach(visit);
  };
  visit(layer);
  return inputs;
}

function labelOf({ kind, parameters }: Layer): string {
  if (kind !== "conv2d") return kind;
  const [height, width, channels] = parameters[0]!.shape;
  return `${channels === 1 ? "depthwise" : "conv2d"} ${height}x${width}`;
}

function measureLayer(block: string, label: string, layer: Layer, shape: readonly number[]): Row {
  const { outputShape, macs } = layer.outline(shape);
  const { forwardMs, backwardMs } = best(() => {
    const input = randomNormal([batch, ...shape]);
    compute(input);
    const pass = trainingPass({ inputGradient: true });
    const begin = performance.now();
    const { output, saved } = layer.forward(input, pass);
    compute(output);
    const middle = performance.now();
    const gradient = layer.backward(saved, output, pass);
    if (gradient) compute(gradient);
    const end = performance.now();
    gradient?.dispose();
    disposePass(pass);
    return { forwardMs: middle - begin, backwardMs: end - middle };
  });
  const gigabytes = (8 * batch * (sizeOf(shape) + sizeOf(outputShape))) / 1e9;
  const gmacs = (2 * batch * macs) / 1e9;
  return { block, layer: label, shape, forwardMs, backwardMs, gmacs, gigabytes };
}

/** The work of a layer that joins others. */
function joins(block: string, { kind, children }: Layer, shape: readonly number[]): Row[] {
  if (kind === "concat") {
    const sizes = Object.values(children).map((branch) =>
      branch.outline(shape).outputShape.at(-1)!,
    );
    return [measureConcat(block, shape, sizes)];
  }
  return kind === "gated" ? [measureGate(block, shape)] : [];
}

function measureConcat(block: string, shape: readonly number[], sizes: readonly number[]): Row {
  const pieces = sizes.map((size) => randomNormal([batch, ...shape.slice(0, -1), size]));
  const times = best(() => {
    const begin = performance.now();
    const { output } = runOp(concatChannelsOp, pieces, {});
    const middle = performance.now();
    const parts = runOp(splitChannelsOp, { input: output }, { sizes });
    const end = performance.now();
    [output, ...parts].forEach((tensor) => tensor.dispose());
    return { forwardMs: middle - begin, backwardMs: end - middle };
  });
  const size = pieces.reduce((sum, piece) => sum + piece.size, 0);
  pieces.forEach((piece) => piece.dispose());
  const joined = [...shape.slice(0, -1), sizes.join(" + ")] as unknown as number[];
  return {
    block,
    layer: "concat, split",
    shape: joined,
    ...times,
    gmacs: 0,
    gigabytes: (16 * size) / 1e9,
  };
}

function measureGate(block: string, shape: readonly number[]): Row {
  const [input, gate] = [randomNormal([batch, ...shape]), randomNormal([batch, shape.at(-1)!])];
  const times = best(() => {
    const begin = performance.now();
    const { output } = runOp(multiplyChannelsOp, { input, gate }, {});
    const middle = performance.now();
    const gradients = runOp(
      multiplyChannelsGradientOp,
      { input, gate, outputGradient: output },
      {},
    );
    const end = performance.now();
    [output, ...Object.values(gradients)].forEach((tensor) => tensor.dispose());
    return { forwardMs: middle - begin, backwardMs: end - middle };
  });
  const gigabytes = (20 * input.size) / 1e9;
  [input, gate].forEach((tensor) => tensor.dispose());
  return { block, layer: "gate", shape, ...times, gmacs: 0, gigabytes };
}

/** The smallest times of some runs. */
function best(run: () => { forwardMs: number; backwardMs: number }): {
  forwardMs: number;
  backwardMs: number;
} {
  const results = Array.from({ length: steps + 1 }, run).slice(1);
  return {
    forwardMs: Math.min(...results.map(({ forwardMs }) => forwardMs)),
    backwardMs: Math.min(...results.map(({ backwardMs }) => backwardMs)),
  };
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function print(): void {
  console.log(`${values.backend}, ${values.threads} threads, batch ${batch}, best of ${steps}\n`);
  console.log("| block | layer | input | forward ms | backward ms | GMAC/s | GB/s |");
  console.log("| --- | --- | --- | --: | --: | --: | --: |");
  for (const { block, layer, shape, forwardMs, backwardMs, gmacs, gigabytes } of rows) {
    const seconds = (forwardMs + backwardMs) / 1000;
    const rate = (amount: number): string => (amount ? (amount / seconds).toFixed(1) : "");
    const times = `${forwardMs.toFixed(2)} | ${backwardMs.toFixed(2)}`;
    const traffic = layer === "all of it" ? "" : rate(gigabytes);
    console.log(
      `| ${block} | ${layer} | ${shape.join("x")} | ${times} | ${rate(gmacs)} | ${traffic} |`,
    );
  }
}
