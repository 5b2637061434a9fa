import { defineShader, perInvocation, type Shader, type ShaderParts } from "./shader.ts";

// Pooling: an invocation has one place of what is written, one channel or four.

export type PoolConstants = {
  readonly size: number;
  readonly stride: number;
  readonly padding: number;
  readonly channels: number;
};

/** Channels of a place: four where their number allows it. */
export function placesOf(channels: number): { element: "f32" | "vec4f"; places: number } {
  return channels % 4 === 0
    ? { element: "vec4f", places: channels / 4 }
    : { element: "f32", places: channels };
}

function parts(
  { channels }: Pick<PoolConstants, "channels">,
  {
    inputs,
    output,
    height,
    width,
    code,
  }: {
    readonly inputs: readonly string[];
    readonly output: string;
    readonly height: string;
    readonly width: string;
    readonly code: string;
  },
): ShaderParts {
  const { element, places } = placesOf(channels);
  return {
    inputs: Object.fromEntries(inputs.map((name) => [name, element] as const)),
    outputs: { [output]: element },
    uniforms: {
      count: "u32",
      height: "i32",
      width: "i32",
      outputHeight: "i32",
      outputWidth: "i32",
    },
    invocations: 64,
    declarations: `
alias T = ${element};
alias Bits = ${element === "f32" ? "u32" : "vec4u"};
alias Flags = ${element === "f32" ? "bool" : "vec4<bool>"};
fn isNaN(value: T) -> Flags { return (bitcast<Bits>(value) & Bits(0x7fffffffu)) > Bits(0x7f800000u); }`,
    main: `
${perInvocation}
let c = i32(i % ${places}u);
let pixel = i32(i / ${places}u);
let image = pixel / (${height} * ${width});
let y = (pixel / ${width}) % ${height};
let x = pixel % ${width};
${code.trim()}`,
  };
}

/** WGSL: `code` for each pixel `(sy, sx)` of the input in the window of `(y, x)`, at `at`. */
function eachInWindow({ size, stride, padding, channels }: PoolConstants, code: string): string {
  const { places } = placesOf(channels);
  return `
for (var row = 0; row < ${size}; row++) {
let sy = y * ${stride} - ${padding} + row;
if (sy < 0 || sy >= u.height) { continue; }
for (var column = 0; column < ${size}; column++) {
let sx = x * ${stride} - ${padding} + column;
if (sx < 0 || sx >= u.width) { continue; }
let at = ((image * u.height + sy) * u.width + sx) * ${places} + c;
${code}
}
}`;
}

/** WGSL: `code` for each window `(oy, ox)` that covers the pixel `(y, x)` of the input. */
function eachWindow({ size, stride, padding, channels }: PoolConstants, code: string): string {
  const { places } = placesOf(channels);
  return `
for (var row = 0; row < ${size}; row++) {
let ny = y + ${padding} - row;
if (ny < 0 || ny % ${stride} != 0 || ny / ${stride} >= u.outputHeight) { continue; }
let oy = ny / ${stride};
for (var column = 0; column < ${size}; column++) {
let nx = x + ${padding} - column;
if (nx < 0 || nx % ${stride} != 0 || nx / ${stride} >= u.outputWidth) { continue; }
let ox = nx / ${stride};
let window = ((image * u.outputHeight + oy) * u.outputWidth + ox) * ${places} + c;
${code}
}
}`;
}

/** WGSL: the first value is the largest so far, and NaN stays. Compilers may take `value != value` for false. */
const larger = `
let value = input[at];
if (begun) { result = select(result, value, (value > result) | isNaN(value)); }
else { result = value; begun = true; }`;

export const poolForward: (
  constants: PoolConstants & { readonly kind: "max" | "average" },
) => Shader = defineShader(
  "pool",
  (constants: PoolConstants & { readonly kind: "max" | "average" }) => {
    const max = constants.kind === "max";
    return parts(constants, {
      inputs: ["input"],
      output: "output",
      height: "u.outputHeight",
      width: "u.outputWidth",
      code: `
var result = T(0);
${max ? "var begun = false;" : ""}
${eachInWindow(constants, max ? larger : "result += input[at];")}
output[i] = result${max ? "" : ` / ${constants.size ** 2}.0`};`,
    });
  },
);

export const averagePoolBackward: (constants: PoolConstants) => Shader = defineShader(
  "averagePoolGradient",
  (constants: PoolConstants) =>
    parts(constants, {
      inputs: ["outputGradient"],
      output: "inputGradient",
      height: "u.height",
      width: "u.width",
      code: `
var total = T(0);
${eachWindow(constants, "total += outputGradient[window];")}
inputGradient[i] = total / ${constants.size ** 2}.0;`,
    }),
);

/** The gradient of a window goes to its first largest value: no pixel in front of this one may have it, too. */
export const maxPoolBackward: (constants: PoolConstants) => Shader = defineShader(
  "maxPoolGradient",
  (constants: PoolConstants) => {
    const { places, element } = placesOf(constants.channels);
    const { stride, padding, size } = constants;
    const flags = element === "f32" ? "bool" : "vec4<bool>";
    return parts(constants, {
      inputs: ["outputGradient", "input", "forward"],
      output: "inputGradient",
      height: "u.height",
      width: "u.width",
      code: `
let value = input[i];
var total = T(0);
${eachWindow(
  constants,
  `
let largest = forward[window];
var first = value == largest;
for (var place = 0; place < row * ${size} + column; place++) {
let sy = oy * ${stride} - ${padding} + place / ${size};
let sx = ox * ${stride} - ${padding} + place % ${size};
if (sy >= 0 && sy < u.height && sx >= 0 && sx < u.width) {
let earlier = input[((image * u.height + sy) * u.width + sx) * ${places} + c];
first = first & (earlier != largest);
}
}
total += select(T(0), outputGradient[window], first & ${flags}(true));`,
)}
inputGradient[i] = total;`,
    });
  },
);

/** Mean over the pixels of an image: an invocation has one channel, and adds rows of 16 pixels. */
export const globalAverage: (constants: { readonly channels: number }) => Shader = defineShader(
  "globalAveragePool",
  ({ channels }: { readonly channels: number }) => {
    const { element, places } = placesOf(channels);
    return {
      inputs: { input: element },
      outputs: { output: element },
      uniforms: { count: "u32", pixels: "u32" },
      invocations: 64,
      declarations: `alias T = ${element};`,
      main: `
${perInvocation}
let begin = (i / ${places}u) * u.pixels * ${places}u + i % ${places}u;
var total = T(0);
for (var first = 0u; first < u.pixels; first += 16u) {
var part = T(0);
for (var pixel = first; pixel < min(first + 16u, u.pixels); pixel++) {
part += input[begin + pixel * ${places}u];
}
total += part;
}
output[i] = total / f32(u.pixels);`,
    };
  },
);

/** Each pixel gets its share. */
export const globalAverageBackward: (constants: { readonly channels: number }) => Shader =
  defineShader("globalAveragePoolGradient", ({ channels }: { readonly channels: number }) => {
    const { element, places } = placesOf(channels);
    return {
      inputs: { outputGradient: element },
      outputs: { inputGradient: element },
      uniforms: { count: "u32", pixels: "u32" },
      invocations: 64,
      main: `
${perInvocation}
let image = i / (u.pixels * ${places}u);
inputGradient[i] = outputGradient[image * ${places}u + i % ${places}u] / f32(u.pixels);`,
    };
  });
