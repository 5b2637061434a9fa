import { convolutionModel } from "./onnx-model.ts";
import { CHANNELS, type Peer, type PeerSetting, SIDE } from "./peer.ts";

/** What is used of onnxruntime-web: 150 MB that nobody else here needs, so it is no dependency. */
interface OnnxRuntime {
  readonly env: {
    readonly versions: { readonly web?: string };
    readonly wasm: { numThreads?: number };
  };
  readonly InferenceSession: { create(model: Uint8Array): Promise<Session> };
  readonly Tensor: new (type: "float32", data: Float32Array, dims: readonly number[]) => object;
}

interface Session {
  run(inputs: Readonly<Record<string, object>>): Promise<object>;
}

/** ONNX Runtime Web on WebAssembly, which only goes forward. Undefined, with the reason on the console, where it is not installed. */
export async function startOnnx({ batchSize, threads }: PeerSetting): Promise<Peer | undefined> {
  const name: string = "onnxruntime-web";
  const runtime = (await import(name).catch(() => undefined)) as OnnxRuntime | undefined;
  if (!runtime) {
    console.log("without onnxruntime-web: npm install --no-save onnxruntime-web");
    return undefined;
  }
  const { env, InferenceSession, Tensor } = runtime;
  env.wasm.numThreads = threads;
  const shape = [batchSize, CHANNELS, SIDE, SIDE];
  const filter = Float32Array.from({ length: 9 * CHANNELS ** 2 }, () => Math.random() - 0.5);
  const session = await InferenceSession.create(convolutionModel(shape, filter));
  const size = batchSize * CHANNELS * SIDE ** 2;
  const x = new Tensor(
    "float32",
    Float32Array.from({ length: size }, () => Math.random() - 0.5),
    shape,
  );
  return {
    description: `onnxruntime-web ${env.versions.web} on wasm`,
    works: { convolution: async () => void (await session.run({ x })) },
  };
}
