import { defineShader, type Element, perInvocation, type Shader } from "./shader.ts";

// Convolution in groups, depthwise too: few products for each output, so that an invocation computes its own. Four
// channels at a time where a depthwise convolution has as many outputs as inputs, and their count allows it.

export type GroupedConstants = {
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly stride: number;
  readonly padding: number;
  readonly groups: number;
  /** Of a group. */
  readonly inputs: number;
  /** Of a group. */
  readonly outputs: number;
};

/** One channel after another of a depthwise convolution lies in one four. */
export function inFours({ groups, inputs, outputs }: GroupedConstants): boolean {
  return inputs === 1 && outputs === 1 && groups % 4 === 0;
}

const sizes = {
  count: "u32",
  height: "i32",
  width: "i32",
  outputHeight: "i32",
  outputWidth: "i32",
} as const;

function placesOf(constants: GroupedConstants): {
  element: Element;
  inputs: number;
  outputs: number;
} {
  const { groups, inputs, outputs } = constants;
  return inFours(constants)
    ? { element: "vec4f", inputs: groups / 4, outputs: groups / 4 }
    : { element: "f32", inputs: groups * inputs, outputs: groups * outputs };
}

/** `i` to the image, y, x and channel of a tensor. */
const indices = (height: string, width: string, channels: number): string => `
${perInvocation}
let c = i32(i % ${channels}u);
let pixel = i32(i / ${channels}u);
let image = pixel / (${height} * ${width});
let y = (pixel / ${width}) % ${height};
let x = pixel % ${width};`;

export const groupedConvolution: (constants: GroupedConstants) => Shader = defineShader(
  "groupedConv2d",
  (constants: GroupedConstants) => {
    const { kernelHeight, kernelWidth, stride, padding } = constants;
    const { element, inputs, outputs } = placesOf(constants);
    const [group, perGroup] = inFours(constants)
      ? ["c", 1]
      : [`c / ${constants.outputs}`, constants.inputs];
    return {
      inputs: { source: element, weights: element },
      outputs: { output: element },
      uniforms: sizes,
      invocations: 64,
      declarations: `alias T = ${element};`,
      main: `
${indices("u.outputHeight", "u.outputWidth", outputs)}
let firstChannel = (${group}) * ${perGroup};
var total = T(0);
for (var row = 0; row < ${kernelHeight}; row++) {
let sy = y * ${stride} - ${padding} + row;
if (sy < 0 || sy >= u.height) { continue; }
for (var column = 0; column < ${kernelWidth}; column++) {
let sx = x * ${stride} - ${padding} + column;
if (sx < 0 || sx >= u.width) { continue; }
let at = ((image * u.height + sy) * u.width + sx) * ${inputs} + firstChannel;
let tap = (row * ${kernelWidth} + column) * ${perGroup};
for (var k = 0; k < ${perGroup}; k++) {
total += source[at + k] * weights[(tap + k) * ${outputs} + c];
}
}
}
output[i] = total;`,
    };
  },
);

export const groupedInputGradient: (constants: GroupedConstants) => Shader = defineShader(
  "groupedConv2dInputGradient",
  (constants: GroupedConstants) => {
    const { kernelHeight, kernelWidth, stride, padding } = constants;
    const { element, inputs, outputs } = placesOf(constants);
    const fours = inFours(constants);
    const perGroup = fours ? 1 : constants.outputs;
    const filterInputs = fours ? 1 : constants.inputs;
    return {
      inputs: { outputGradient: element, weights: element },
      outputs: { inputGradient: element },
      uniforms: sizes,
      invocations: 64,
      declarations: `alias T = ${element};`,
      main: `
${indices("u.height", "u.width", inputs)}
let firstOutput = (c / ${filterInputs}) * ${perGroup};
var total = T(0);
for (var row = 0; row < ${kernelHeight}; row++) {
let ny = y + ${padding} - row;
if (ny < 0 || ny % ${stride} != 0 || ny / ${stride} >= u.outputHeight) { continue; }
for (var column = 0; column < ${kernelWidth}; column++) {
let nx = x + ${padding} - column;
if (nx < 0 || nx % ${stride} != 0 || nx / ${stride} >= u.outputWidth) { continue; }
let pixelAt = (image * u.outputHeight + ny / ${stride}) * u.outputWidth + nx / ${stride};
let at = pixelAt * ${outputs} + firstOutput;
let tap = ((row * ${kernelWidth} + column) * ${filterInputs} + c % ${filterInputs}) * ${outputs} + firstOutput;
for (var k = 0; k < ${perGroup}; k++) {
total += outputGradient[at + k] * weights[tap + k];
}
}
}
inputGradient[i] = total;`,
    };
  },
);
