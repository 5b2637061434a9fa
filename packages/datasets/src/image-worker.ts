// A thread that reads images. It lies at the depth of dist/, beside the bundle that starts it.

import { parentPort, workerData } from "node:worker_threads";
import { FormatError } from "./errors.ts";
import { decodeSlice, sliceFinisher } from "./image-folder/slice.ts";
import type { Slice } from "./image-folder/slice.ts";
import type { WorkerAnswer, WorkerStart } from "./image-folder/worker-protocol.ts";
import { fromRecipes } from "./transforms/from-recipes.ts";

const { settings, recipes } = workerData as WorkerStart;
const finish = recipes && sliceFinisher(settings, fromRecipes(recipes));

parentPort!.on("message", async (slice: Slice) => {
  const answer = await answerTo(slice);
  const buffers =
    "result" in answer
      ? [answer.result.buffer]
      : "images" in answer
        ? answer.images.map(({ pixels }) => pixels.buffer as ArrayBuffer)
        : [];
  parentPort!.postMessage(answer, buffers);
});

async function answerTo(slice: Slice): Promise<WorkerAnswer> {
  try {
    const images = await decodeSlice(slice, settings);
    return finish === undefined ? { images } : { result: finish(slice, images) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (!(error instanceof FormatError)) return { message };
    return { file: error.file, message: message.slice(`${error.file}: `.length) };
  }
}
