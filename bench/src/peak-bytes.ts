import { backend } from "@tensorflow/tfjs-core";

interface CountedBackend {
  write(values: unknown, shape: number[], dtype: string): object;
  move(dataId: object, values: unknown, shape: number[], dtype: string, refCount: number): void;
  disposeData(dataId: object, force?: boolean): boolean;
}

/**
 * Counts the bytes of tensor data that live at once on tfjs-backend-wasm or -cpu, where every buffer
 * passes through these three methods. `tf.memory().numBytes` would count each handle of a shared buffer.
 */
export class PeakBytes {
  #sizes = new Map<object, number>();
  #live = 0;
  #peak = 0;

  constructor() {
    const counted = backend() as unknown as CountedBackend;
    const { write, move, disposeData } = counted;
    counted.write = (values, shape, dtype) => {
      const dataId = write.call(counted, values, shape, dtype);
      this.#add(dataId, shape);
      return dataId;
    };
    counted.move = (dataId, values, shape, dtype, refCount) => {
      move.call(counted, dataId, values, shape, dtype, refCount);
      this.#add(dataId, shape);
    };
    counted.disposeData = (dataId, force) => {
      const freed = disposeData.call(counted, dataId, force);
      if (freed) {
        this.#live -= this.#sizes.get(dataId) ?? 0;
        this.#sizes.delete(dataId);
      }
      return freed;
    };
  }

  #add(dataId: object, shape: number[]): void {
    // On some backends write() goes through move().
    if (this.#sizes.has(dataId)) return;
    const bytes = shape.reduce((product, length) => product * length, 4);
    this.#sizes.set(dataId, bytes);
    this.#live += bytes;
    this.#peak = Math.max(this.#peak, this.#live);
  }

  /** The most bytes that `run` needed at once beyond those that lived before it. */
  during(run: () => void): number {
    const before = this.#live;
    this.#peak = before;
    run();
    return this.#peak - before;
  }
}
