// A shader is generated from a few constants and cached under them. `build` gets the constants alone, so
// that nothing can be in the code which is not in the key.

/** A number of a buffer; `vec4` where four channels are read at once. */
export type Element = "f32" | "i32" | "vec4f";

export interface ShaderParts {
  /** Buffers that are read, in the order of the bindings. */
  readonly inputs: Readonly<Record<string, Element>>;
  /** Buffers that are written. */
  readonly outputs: Readonly<Record<string, Element>>;
  /** Numbers that may differ from call to call: `u.name` in the code. */
  readonly uniforms: Readonly<Record<string, "u32" | "i32" | "f32">>;
  /** Invocations of a workgroup, at most 256. */
  readonly invocations: number;
  /** Workgroup memory and functions. */
  readonly declarations?: string;
  /** Statements; `group` is the number of the workgroup, `lane` that of the invocation in it. */
  readonly main: string;
}

export interface Shader extends ShaderParts {
  /** For labels and counts: `conv2d`. */
  readonly name: string;
  readonly code: string;
}

type Constants = Readonly<Record<string, number | boolean | string>>;

/** WGSL: `i` is the number of this invocation, of `u.count`, in workgroups of 64; those behind the last return. */
export const perInvocation = `let i = group * 64u + lane;
if (i >= u.count) { return; }`;

/** A family of shaders of one name; the same constants give the same object. */
export function defineShader<Key extends Constants>(
  name: string,
  build: (constants: Key) => ShaderParts,
): (constants: Key) => Shader {
  const made = new Map<string, Shader>();
  return (constants) => {
    const key = JSON.stringify(constants);
    let shader = made.get(key);
    if (shader === undefined) {
      const parts = build(constants);
      shader = { ...parts, name, code: assemble(parts) };
      made.set(key, shader);
    }
    return shader;
  };
}

/**
 * WGSL of a whole module. Workgroups are numbered through rows of the dispatch, since one dimension
 * holds 65,535 of them; those behind the last return.
 */
export function assemble(parts: ShaderParts): string {
  const { inputs, outputs, uniforms, invocations, declarations = "", main } = parts;
  const reads = Object.entries(inputs).map(([name, type]) => ["read", name, type] as const);
  const writes = Object.entries(outputs).map(([name, type]) => ["read_write", name, type] as const);
  const buffers = [...reads, ...writes].map(
    ([access, name, type], i) =>
      `@group(0) @binding(${i + 1}) var<storage, ${access}> ${name}: array<${type}>;`,
  );
  const fields = Object.entries(uniforms).map(([name, type]) => `  ${name}: ${type},`);
  return [
    "struct Uniforms {",
    "  groups: u32,",
    ...fields,
    "}",
    "@group(0) @binding(0) var<uniform> u: Uniforms;",
    ...buffers,
    declarations.trim(),
    `@compute @workgroup_size(${invocations})`,
    "fn main(",
    "  @builtin(workgroup_id) workgroup: vec3u,",
    "  @builtin(num_workgroups) workgroups: vec3u,",
    "  @builtin(local_invocation_index) lane: u32,",
    ") {",
    "let group = workgroup.y * workgroups.x + workgroup.x;",
    "if (group >= u.groups) { return; }",
    main.trim(),
    "}",
    "",
  ].join("\n");
}
