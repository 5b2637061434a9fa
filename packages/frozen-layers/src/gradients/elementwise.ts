import {
  add,
  cast,
  cos,
  div,
  exp,
  greater,
  greaterEqual,
  lessEqual,
  logicalAnd,
  mul,
  neg,
  onesLike,
  sigmoid,
  sign,
  sin,
  sqrt,
  square,
  sub,
  type Tensor,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";
import type { Rule } from "./gradient.ts";

/** `dL/dx = dL/dy * derivative(x)` */
function ofInput(kernelName: string, derivative: (x: Tensor) => Tensor): Rule {
  return {
    kernelName,
    inputsToSave: ["x"],
    gradient: (dy, [x]) => ({ x: () => mul(dy, derivative(x!)) }),
  };
}

/** `dL/dx = dL/dy * derivative(y)`, of the output. */
function ofOutput(kernelName: string, derivative: (y: Tensor) => Tensor): Rule {
  return {
    kernelName,
    savesOutput: true,
    gradient: (dy, [y]) => ({ x: () => mul(dy, derivative(y!)) }),
  };
}

/** Constant almost everywhere. */
function flat(kernelName: string): Rule {
  return { kernelName, gradient: (dy) => ({ x: () => zerosLike(dy) }) };
}

const positive = (x: Tensor): Tensor => cast(greater(x, 0), "float32");

/** `2 / sqrt(pi)` */
const ERF_SLOPE = 1.1283791670955126;

export const elementwise: readonly Rule[] = [
  ofInput("Abs", sign),
  ofInput("Cos", (x) => neg(sin(x))),
  ofInput("Erf", (x) => mul(exp(neg(square(x))), ERF_SLOPE)),
  ofInput("Expm1", exp),
  ofInput("Log", (x) => div(1, x)),
  ofInput("Log1p", (x) => div(1, add(x, 1))),
  ofInput("Reciprocal", (x) => neg(div(1, square(x)))),
  ofInput("Relu", positive),
  ofInput("Relu6", (x) => cast(logicalAnd(greater(x, 0), lessEqual(x, 6)), "float32")),
  ofInput("Rsqrt", (x) => div(-0.5, mul(x, sqrt(x)))),
  ofInput("Sin", cos),
  ofInput("Softplus", sigmoid),
  ofInput("Square", (x) => mul(x, 2)),
  ofOutput("Elu", (y) => where(greater(y, 0), onesLike(y), add(y, 1))),
  ofOutput("Exp", (y) => y),
  ofOutput("Sigmoid", (y) => mul(y, sub(1, y))),
  ofOutput("Sqrt", (y) => div(0.5, y)),
  ofOutput("Tanh", (y) => sub(1, square(y))),
  flat("OnesLike"),
  flat("ZerosLike"),
  flat("Ceil"),
  flat("Floor"),
  flat("Round"),
  flat("Sign"),
  flat("Step"),
  { kernelName: "Identity", gradient: (dy) => ({ x: () => cast(dy, "float32") }) },
  { kernelName: "Cast", gradient: (dy) => ({ x: () => cast(dy, "float32") }) },
  { kernelName: "Neg", gradient: (dy) => ({ x: () => neg(dy) }) },
  {
    kernelName: "LeakyRelu",
    inputsToSave: ["x"],
    gradient: (dy, [x], { alpha }) => ({
      x: () => where(greater(x!, 0), dy, mul(dy, alpha as number)),
    }),
  },
  {
    kernelName: "ClipByValue",
    inputsToSave: ["x"],
    gradient: (dy, [x], { clipValueMin, clipValueMax }) => ({
      x: () => {
        const inside = logicalAnd(
          greaterEqual(x!, clipValueMin as number),
          lessEqual(x!, clipValueMax as number),
        );
        return where(inside, dy, zerosLike(dy));
      },
    }),
  },
];
