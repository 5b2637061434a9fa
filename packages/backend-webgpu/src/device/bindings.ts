import type { Shader } from "../shaders/shader.ts";

/** Entries of each cache; the oldest go first. Steps of one shape need some hundreds. */
const KEPT = 4096;

/**
 * Pipelines by shader, uniform buffers by what is in them, and bind groups by their buffers: in a loop of
 * equal steps all of them are made once.
 */
export class Bindings {
  readonly #device: GPUDevice;
  readonly #pipelines = new WeakMap<Shader, GPUComputePipeline>();
  readonly #uniforms = new Map<string, GPUBuffer>();
  readonly #groups = new Map<string, GPUBindGroup>();
  readonly #numbers = new WeakMap<object, number>();
  #count = 0;

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  pipeline(shader: Shader): GPUComputePipeline {
    let pipeline = this.#pipelines.get(shader);
    if (pipeline === undefined) {
      const module = this.#device.createShaderModule({ label: shader.name, code: shader.code });
      pipeline = this.#device.createComputePipeline({
        label: shader.name,
        layout: "auto",
        compute: { module },
      });
      this.#pipelines.set(shader, pipeline);
    }
    return pipeline;
  }

  /** @param values by the shader's names; `groups` comes before them. */
  bindGroup(
    shader: Shader,
    groups: number,
    values: Readonly<Record<string, number>>,
    buffers: readonly GPUBuffer[],
  ): GPUBindGroup {
    const uniform = this.#uniform(shader, groups, values);
    const key = [shader, uniform, ...buffers].map((item) => this.#number(item)).join();
    return cached(this.#groups, key, () =>
      this.#device.createBindGroup({
        layout: this.pipeline(shader).getBindGroupLayout(0),
        entries: [uniform, ...buffers].map((buffer, binding) => ({
          binding,
          resource: { buffer },
        })),
      }),
    );
  }

  #uniform(shader: Shader, groups: number, values: Readonly<Record<string, number>>): GPUBuffer {
    const types = Object.entries(shader.uniforms);
    const numbers = types.map(([name]) => values[name]!);
    const key = `${Object.values(shader.uniforms).join()}:${groups},${numbers.join()}`;
    return cached(this.#uniforms, key, () => {
      const size = Math.ceil((types.length + 1) / 4) * 16;
      const buffer = this.#device.createBuffer({
        size,
        usage: GPUBufferUsage.UNIFORM,
        mappedAtCreation: true,
      });
      const view = new DataView(buffer.getMappedRange());
      view.setUint32(0, groups, true);
      types.forEach(([, type], i) => {
        const at = 4 * (i + 1);
        if (type === "f32") view.setFloat32(at, numbers[i]!, true);
        else view.setInt32(at, numbers[i]!, true);
      });
      buffer.unmap();
      return buffer;
    });
  }

  #number(item: object): number {
    let number = this.#numbers.get(item);
    if (number === undefined) this.#numbers.set(item, (number = this.#count++));
    return number;
  }
}

/** The oldest is forgotten, not destroyed: commands that are recorded may still want it. */
function cached<Value>(cache: Map<string, Value>, key: string, make: () => Value): Value {
  const known = cache.get(key);
  if (known !== undefined) return known;
  if (cache.size >= KEPT) cache.delete(cache.keys().next().value!);
  const value = make();
  cache.set(key, value);
  return value;
}
