/** The GPU's own clock, `timestamp-query`: what it computes, without the host's time to record and to wait. */
export class GpuClock {
  readonly #device: GPUDevice;
  readonly #queries: GPUQuerySet;
  readonly #resolved: GPUBuffer;
  readonly #read: GPUBuffer;

  /** Undefined for a device that was not given the feature. */
  static of(device: GPUDevice): GpuClock | undefined {
    return device.features.has("timestamp-query") ? new GpuClock(device) : undefined;
  }

  private constructor(device: GPUDevice) {
    this.#device = device;
    this.#queries = device.createQuerySet({ type: "timestamp", count: 2 });
    const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
    this.#resolved = device.createBuffer({ size: 16, usage: QUERY_RESOLVE | COPY_SRC });
    this.#read = device.createBuffer({ size: 16, usage: COPY_DST | MAP_READ });
  }

  /** Milliseconds from one moment in the queue to another; browsers round them to a tenth. */
  async time(submit: () => void): Promise<number> {
    this.#mark(0);
    submit();
    this.#mark(1);
    const encoder = this.#device.createCommandEncoder();
    encoder.resolveQuerySet(this.#queries, 0, 2, this.#resolved, 0);
    encoder.copyBufferToBuffer(this.#resolved, 0, this.#read, 0, 16);
    this.#device.queue.submit([encoder.finish()]);
    await this.#read.mapAsync(GPUMapMode.READ);
    const [begin, end] = new BigInt64Array(this.#read.getMappedRange().slice(0));
    this.#read.unmap();
    return Number(end! - begin!) / 1e6;
  }

  /** An empty pass, whose end comes after all that was submitted before. */
  #mark(index: number): void {
    const encoder = this.#device.createCommandEncoder();
    const timestampWrites = { querySet: this.#queries, endOfPassWriteIndex: index };
    encoder.beginComputePass({ timestampWrites }).end();
    this.#device.queue.submit([encoder.finish()]);
  }
}
