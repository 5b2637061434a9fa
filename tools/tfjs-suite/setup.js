// The first module of the bundle: a backend for the tests, which ask for their environments at once.
import "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops";
import "@tensorflow/tfjs-core/dist/register_all_gradients";
import "@tensorflow/tfjs-backend-cpu";
import { setBackend } from "@tensorflow/tfjs-core";
import { setTestEnvs } from "@tensorflow/tfjs-core/dist/jasmine_util";
import { registerTensorflowBackend } from "@bn-only/backend-tensorflow";
import { registerWasmBackend } from "@bn-only/backend-wasm";

const name = process.env.TFJS_SUITE_BACKEND ?? "bn-wasm";
if (name === "bn-wasm") await registerWasmBackend({ threads: 2, fma: false });
if (name === "tensorflow") registerTensorflowBackend();
await setBackend(name);
setTestEnvs([{ name, backendName: name, isDataSync: true }]);
