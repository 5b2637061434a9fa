import type { Curves, Points } from "../protocol.ts";

/** More points than pixels help nobody. */
const MOST = 400;

/** Curves of a run that grow for as long as it does and stay small: neighbours are averaged when there are too many. */
export class CurveRecorder {
  #train = emptyPoints();
  #test = emptyPoints();
  /** Steps that one point of the training curve stands for. */
  #stride = 1;
  #pending: { at: number; loss: number; accuracy: number }[] = [];

  static of(curves: Curves): CurveRecorder {
    const recorder = new CurveRecorder();
    recorder.#train = copy(curves.train);
    recorder.#test = copy(curves.test);
    recorder.#stride = curves.stride ?? strideOf(curves.train);
    return recorder;
  }

  addStep(at: number, loss: number, accuracy: number): void {
    this.#pending.push({ at, loss, accuracy });
    if (this.#pending.length < this.#stride) return;
    const mean = (of: (point: { at: number; loss: number; accuracy: number }) => number): number =>
      this.#pending.reduce((sum, point) => sum + of(point), 0) / this.#pending.length;
    push(
      this.#train,
      mean((p) => p.at),
      mean((p) => p.loss),
      mean((p) => p.accuracy),
    );
    this.#pending = [];
    if (this.#train.at.length < MOST) return;
    this.#train = halved(this.#train);
    this.#stride *= 2;
  }

  addEpoch(at: number, loss: number, accuracy: number): void {
    push(this.#test, at, loss, accuracy);
  }

  get curves(): Curves {
    return { train: copy(this.#train), test: copy(this.#test), stride: this.#stride };
  }
}

/** Where it was not kept: the first point is the mean of steps 1 to the stride, the second lies a stride further. */
function strideOf({ at: [first, second] }: Points): number {
  if (first === undefined || second === undefined) return 1;
  const stride = second - first;
  const step = 2 * first - stride;
  return Math.max(1, Math.round(stride / step));
}

interface GrowingPoints extends Points {
  readonly at: number[];
  readonly loss: number[];
  readonly accuracy: number[];
}

function emptyPoints(): GrowingPoints {
  return { at: [], loss: [], accuracy: [] };
}

function copy({ at, loss, accuracy }: Points): GrowingPoints {
  return { at: [...at], loss: [...loss], accuracy: [...accuracy] };
}

function push(points: GrowingPoints, at: number, loss: number, accuracy: number): void {
  points.at.push(at);
  points.loss.push(loss);
  points.accuracy.push(accuracy);
}

function halved({ at, loss, accuracy }: Points): GrowingPoints {
  const pairs = (values: readonly number[]): number[] =>
    Array.from({ length: values.length >> 1 }, (_, i) => (values[2 * i]! + values[2 * i + 1]!) / 2);
  return { at: pairs(at), loss: pairs(loss), accuracy: pairs(accuracy) };
}
