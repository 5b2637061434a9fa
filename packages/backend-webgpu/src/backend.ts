import { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { type BackendValues, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { type AdapterDescription, describeAdapter } from "./device/adapter.ts";
import { Bindings } from "./device/bindings.ts";
import { Failure } from "./device/failure.ts";
import { OutOfMemoryError, WebgpuError } from "./errors.ts";
import { dispatchSize } from "./shaders/dispatch.ts";
import type { Shader } from "./shaders/shader.ts";

/** What tfjs-backend-webgpu 4.22.0 keeps to itself and a command of ours has to go through. */
interface Recorder {
  commandEncoder: GPUCommandEncoder | null;
  computePassEncoder: GPUComputePassEncoder | null;
  dispatchCountInPass: number;
}

/** One dispatch: buffers in the order of the shader's bindings. */
export interface Command {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly uniforms: Readonly<Record<string, number>>;
  /** Workgroups. */
  readonly groups: number;
}

const isEmpty = ({ shape }: TensorInfo): boolean => shape.includes(0);

/** What was sent to the GPU since the backend started. */
export interface CommandCounts {
  readonly dispatches: number;
  readonly submits: number;
  readonly reads: number;
}

/**
 * tfjs's WebGPU backend with a command path of our own beside tfjs's: several outputs a shader, uniforms and bind
 * groups that are made once, and one submission when something is read.
 */
export class WebgpuTrainingBackend extends WebGPUBackend {
  /** The GPU that it computes on, or the program that plays one. */
  readonly adapter: AdapterDescription;
  readonly #bindings: Bindings;
  readonly #failure: Failure;
  #made: TensorInfo[] | undefined;
  #empty: GPUBuffer | undefined;
  readonly #tensors = new Set<object>();
  #dispatches = 0;
  #submits = 0;
  #reads = 0;

  constructor(device: GPUDevice, adapter: GPUAdapter) {
    super(device, adapter.info as never);
    this.adapter = describeAdapter(adapter);
    this.#bindings = new Bindings(device);
    this.#failure = new Failure(device);
    // tfjs submits after so many of its own dispatches in a pass; a step is one submission.
    Object.defineProperty(this, "dispatchCountInPass", {
      get: () => 0,
      set: (count: number) => {
        this.#dispatches += count > 0 ? 1 : 0;
      },
    });
  }

  /** False once the device was lost, memory ran out or a command was refused. */
  get usable(): boolean {
    return this.#failure.error === undefined;
  }

  /** So far; dispatches and submissions of tfjs's own kernels count, too. */
  get counts(): CommandCounts {
    return { dispatches: this.#dispatches, submits: this.#submits, reads: this.#reads };
  }

  /**
   * A tensor with a buffer on the GPU, for a kernel to fill: until then it holds any numbers.
   *
   * @throws OutOfMemoryError for a tensor that no buffer of this device can hold.
   */
  allocate(shape: readonly number[], dtype: "float32" | "int32" = "float32"): TensorInfo {
    const bytes = 4 * util.sizeFromShape([...shape]);
    const { maxBufferSize, maxStorageBufferBindingSize } = this.device.limits;
    const most = Math.min(maxBufferSize, maxStorageBufferBindingSize);
    if (bytes > most) {
      throw new OutOfMemoryError(
        `A tensor [${shape.join(",")}] of ${bytes} bytes is larger than the ${most} bytes that a buffer of this GPU ` +
          `may have. Use a smaller batch, or checkpointed blocks.`,
      );
    }
    const values = dtype === "int32" ? new Int32Array(0) : new Float32Array(0);
    const info = this.makeTensorInfo([...shape], dtype, ...(bytes === 0 ? [values] : []));
    if (bytes > 0) this.uploadToGPU(info.dataId);
    this.#made?.push(info);
    return info;
  }

  /** Runs a kernel; what it allocated before it threw is given back. */
  owning<Result>(kernel: () => Result): Result {
    const before = this.#made;
    const made: TensorInfo[] = (this.#made = []);
    try {
      return kernel();
    } catch (error) {
      made.forEach(({ dataId }) => this.disposeData(dataId));
      throw error;
    } finally {
      this.#made = before;
    }
  }

  /** Records one dispatch; it runs when something is read or `submit` is called. None where nothing is to be written. */
  run(shader: Shader, { inputs, outputs, uniforms, groups }: Command): void {
    this.#failure.check();
    if (groups === 0 || outputs.every(isEmpty)) return;
    const buffers = [...inputs, ...outputs].map((tensor) => this.#bufferOf(tensor));
    const bindGroup = this.#bindings.bindGroup(shader, groups, uniforms, buffers);
    const recorder = this as unknown as Recorder;
    this.ensureCommandEncoderReady();
    recorder.computePassEncoder ??= recorder.commandEncoder!.beginComputePass();
    const pass = recorder.computePassEncoder;
    pass.setPipeline(this.#bindings.pipeline(shader));
    pass.setBindGroup(0, bindGroup);
    pass.dispatchWorkgroups(...dispatchSize(groups));
    this.#dispatches++;
  }

  /** Records the copy of some numbers from one tensor to another, in order with all dispatches. */
  copy(from: TensorInfo, fromAt: number, to: TensorInfo, toAt: number, count: number): void {
    this.#failure.check();
    if (count === 0) return;
    const [source, target] = [this.#bufferOf(from), this.#bufferOf(to)];
    this.ensureCommandEncoderReady();
    this.endComputePassEncoder();
    const { commandEncoder } = this as unknown as Recorder;
    commandEncoder!.copyBufferToBuffer(source, 4 * fromAt, target, 4 * toAt, 4 * count);
  }

  #bufferOf(tensor: TensorInfo): GPUBuffer {
    if (isEmpty(tensor)) return this.#nothing();
    const { dataId } = tensor;
    this.uploadToGPU(dataId);
    return this.tensorMap.get(dataId).resource as GPUBuffer;
  }

  /** What stands for a tensor without numbers: a buffer without bytes cannot be bound. */
  #nothing(): GPUBuffer {
    this.#empty ??= this.device.createBuffer({ size: 16, usage: GPUBufferUsage.STORAGE });
    return this.#empty;
  }

  /** Sends what was recorded to the GPU, so that it begins while the host goes on. */
  submit(): void {
    if (!(this as unknown as Recorder).commandEncoder) return;
    this.endComputePassEncoder();
    this.submitQueue();
  }

  override submitQueue(): void {
    super.submitQueue();
    this.#submits++;
  }

  override async read(dataId: object): Promise<BackendValues> {
    this.#failure.check();
    this.#reads++;
    try {
      return await super.read(dataId);
    } finally {
      // A buffer that cannot be mapped because the device is gone has an error of its own, which says less.
      this.#failure.check();
    }
  }

  /** Copies all to the host, from where other backends take it over without waiting. */
  async download(): Promise<void> {
    await Promise.all([...this.#tensors].map((dataId) => this.read(dataId)));
  }

  override write(...args: Parameters<WebGPUBackend["write"]>): object {
    const dataId = super.write(...args);
    this.#tensors.add(dataId);
    return dataId;
  }

  override move(...args: Parameters<WebGPUBackend["move"]>): void {
    super.move(...args);
    this.#tensors.add(args[0]);
  }

  override disposeData(dataId: object, force?: boolean): boolean {
    const gone = super.disposeData(dataId, force);
    if (gone) this.#tensors.delete(dataId);
    return gone;
  }

  /** @throws WebgpuError in Node, where nothing can be read without waiting. */
  override readSync(dataId: object): BackendValues {
    this.#failure.check();
    const { values, dtype } = this.tensorMap.get(dataId);
    if (values == null && dtype !== "string" && typeof OffscreenCanvas === "undefined") {
      throw new WebgpuError(
        "dataSync: WebGPU cannot be read synchronously here, neither by this call nor to move a tensor to another " +
          "backend. Use `await tensor.data()`, and `await backend.download()` before another backend is selected, " +
          "which useBackend() does.",
      );
    }
    return super.readSync(dataId);
  }

  override dispose(): void {
    this.#failure.end();
    super.dispose();
    this.device.destroy();
  }
}
