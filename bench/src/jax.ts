// Convolutions of jax-js on its own device of the same adapter, NCHW as it has them.

/** One convolution, 3x3, stride 1, and its input gradient; either ends when the GPU is done. */
interface JaxConvolution {
  readonly forward: () => Promise<void>;
  readonly inputGradient: () => Promise<void>;
}

export type JaxConvolutions = (batch: number, size: number, channels: number) => JaxConvolution;

/** Undefined, with the reason on the console, where it does not run. */
export async function startJax(): Promise<JaxConvolutions | undefined> {
  try {
    return await start();
  } catch (error) {
    console.log(`without @jax-js/jax: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

async function start(): Promise<JaxConvolutions> {
  const { blockUntilReady, defaultDevice, init, jit, lax, numpy, vjp } =
    await import("@jax-js/jax");
  const devices = await init("webgpu");
  if (!devices.includes("webgpu")) throw new Error("it finds no WebGPU");
  defaultDevice("webgpu");
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
