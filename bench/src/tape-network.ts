import { type Network } from "@bn-only/frozen-layers";
import {
  add,
  batchNorm,
  conv2d,
  mean,
  moments,
  mul,
  matMul,
  oneHot,
  relu,
  losses,
  type Scalar,
  sub,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tidy,
  type Variable,
  variable,
  variableGrads,
  zerosLike,
} from "@tensorflow/tfjs-core";

/** What a tfjs user writes today: the same CIFAR ResNet in plain ops, gradients by the tape. */
export class TapeNetwork {
  readonly #constants = new Map<string, Tensor>();
  readonly #trainable = new Map<string, Variable>();
  readonly #velocity = new Map<string, Variable>();
  readonly #blocks: number;

  constructor(network: Network, blocks: number) {
    this.#blocks = blocks;
    for (const { path, role, value } of network.parameters) {
      if (role.startsWith("bn.")) {
        this.#trainable.set(path, variable(value, true, path));
        this.#velocity.set(path, variable(zerosLike(value), false));
      } else this.#constants.set(path, value.clone());
    }
  }

  step(images: Tensor4D, labels: Tensor1D, { learningRate = 0.1, momentum = 0.9 } = {}): Scalar {
    return tidy(() => {
      const target = oneHot(labels, 10);
      const { value, grads } = variableGrads(
        () => losses.softmaxCrossEntropy(target, this.#logits(images)) as Scalar,
        [...this.#trainable.values()],
      );
      for (const [path, parameter] of this.#trainable) {
        const velocity = this.#velocity.get(path)!;
        velocity.assign(add(mul(velocity, momentum), grads[path]!));
        parameter.assign(sub(parameter, mul(velocity, learningRate)));
      }
      return value;
    });
  }

  #logits(images: Tensor4D): Tensor2D {
    let x = relu(this.#convBatchNorm(images, "stem/conv", "stem/bn", 1));
    for (let stage = 1; stage <= 3; stage++) {
      for (let block = 1; block <= this.#blocks; block++) {
        const stride = stage > 1 && block === 1 ? 2 : 1;
        const at = `stage${stage}/block${block}`;
        const first = relu(this.#convBatchNorm(x, `${at}/conv1`, `${at}/bn1`, stride));
        const second = this.#convBatchNorm(first, `${at}/conv2`, `${at}/bn2`, 1);
        const aside =
          stride === 1 ? x : this.#convBatchNorm(x, `${at}/shortcut/conv`, `${at}/shortcut/bn`, 2);
        x = relu(add(second, aside));
      }
    }
    const kernel = this.#constants.get("head/kernel") as Tensor2D;
    return add(matMul(mean(x, [1, 2]) as Tensor2D, kernel), this.#constants.get("head/bias")!);
  }

  #convBatchNorm(x: Tensor4D, conv: string, bn: string, stride: number): Tensor4D {
    const filter = this.#constants.get(`${conv}/kernel`) as Tensor4D;
    const convolved = conv2d(x, filter, stride, filter.shape[0] === 3 ? 1 : 0);
    const { mean: average, variance } = moments(convolved, [0, 1, 2]);
    const [gamma, beta] = [this.#trainable.get(`${bn}/gamma`)!, this.#trainable.get(`${bn}/beta`)!];
    return batchNorm(
      convolved,
      average as Tensor1D,
      variance as Tensor1D,
      beta as never,
      gamma as never,
      1e-5,
    );
  }
}
