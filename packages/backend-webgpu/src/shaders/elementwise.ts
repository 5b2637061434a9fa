import { defineShader, type Element, perInvocation, type Shader } from "./shader.ts";

/** Invocations of a workgroup, each with one element. */
export const ELEMENTS = 64;

export interface ElementwiseParts {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly uniforms: readonly string[];
  /** Statements for element `i`; numbers are of type `T`, which is `f32` or `vec4f`. */
  readonly code: string;
}

/**
 * A shader over tensors of one shape, four numbers at a time where their count is a multiple of four.
 * Its constants are whatever chooses the code.
 */
export function defineElementwise<Key extends Readonly<Record<string, string | number | boolean>>>(
  name: string,
  build: (constants: Key) => ElementwiseParts,
): (constants: Key & { readonly size: number }) => {
  shader: Shader;
  count: number;
  groups: number;
} {
  const shaders = defineShader<Key & { readonly vectors: boolean }>(name, (constants) => {
    const { inputs, outputs, uniforms, code } = build(constants);
    const element: Element = constants.vectors ? "vec4f" : "f32";
    const typed = (names: readonly string[]) =>
      Object.fromEntries(names.map((tensor) => [tensor, element] as const));
    return {
      inputs: typed(inputs),
      outputs: typed(outputs),
      uniforms: {
        count: "u32",
        ...Object.fromEntries(uniforms.map((key) => [key, "f32"] as const)),
      },
      invocations: ELEMENTS,
      declarations: `alias T = ${element};`,
      main: `${perInvocation}\n${code}`,
    };
  });
  return ({ size, ...constants }) => {
    const vectors = size % 4 === 0;
    const count = vectors ? size / 4 : size;
    const shader = shaders({ ...(constants as unknown as Key), vectors });
    return { shader, count, groups: Math.ceil(count / ELEMENTS) };
  };
}
