// Convolutions of jax-js on a device of its own, NCHW as it has them.

/** One convolution, 3x3, stride 1, and its input gradient; either ends when its result is there. */
interface JaxConvolution {
  readonly forward: () => Promise<void>;
  readonly inputGradient: () => Promise<void>;
}

export type JaxConvolutions = (batch: number, size: number, channels: number) => JaxConvolution;

/** Undefined, with the reason on the console, where it does not run. */
export async function startJax(device: "webgpu" | "wasm"): Promise<JaxConvolutions | undefined> {
  try {
    return await start(device);
  } catch (error) {
    console.log(`without @jax-js/jax: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

async function start(device: "webgpu" | "wasm"): Promise<JaxConvolutions> {
  const { blockUntilReady, defaultDevice, init, jit, lax, numpy, vjp } =
    await import("@jax-js/jax");
  const devices = await init(device);
  if (!devices.includes(device)) throw new Error(`it finds no ${device}`);
  defaultDevice(device);
  type Array = ReturnType<typeof numpy.ones>;

  return (batch, size, channels) => {
    const x = numpy.ones([batch, channels, size, size]);
    const kernel = numpy.ones([channels, channels, 3, 3]);
    const convolve = (input: Array, filter: Array) =>
      lax.convGeneralDilated(input, filter, [1, 1], "SAME");
    const forward = jit(convolve);
    const backward = jit((input: Array, filter: Array, gradient: Array) => {
      const [output, pullback] = vjp((value: Array) => convolve(value, filter), [input]);
      output.dispose();
      return pullback(gradient)[0];
    });
    const take = async (result: Array): Promise<void> => {
      (await blockUntilReady(result)).dispose();
    };
    return {
      forward: () => take(forward(x.ref, kernel.ref)),
      inputGradient: () => take(backward(x.ref, kernel.ref, x.ref)),
    };
  };
}
