export interface DecodeRequest {
  readonly id: number;
  readonly files: readonly Blob[];
  readonly side: number;
}

export interface Decoded {
  readonly id: number;
  /** `[files, side, side, 3]` */
  readonly pixels: Uint8Array;
  /** Positions of files that are no pictures; their pixels are black. */
  readonly refused: readonly number[];
}

/** Files that one message carries. */
const CHUNK = 50;
const MOST_WORKERS = 4;

/** Decodes pictures in workers, so that the page stays free and only small arrays stay in memory. */
export async function decodePictures(
  files: readonly Blob[],
  side: number,
  onProgress: (done: number) => void,
): Promise<{ pixels: Uint8Array; refused: number[] }> {
  const size = side * side * 3;
  const pixels = new Uint8Array(files.length * size);
  const refused: number[] = [];
  const chunks = Array.from({ length: Math.ceil(files.length / CHUNK) }, (_, i) => i);
  const workers = Math.min(
    MOST_WORKERS,
    chunks.length,
    Math.max(1, (navigator.hardwareConcurrency ?? 2) - 1),
  );
  let done = 0;
  const work = async (): Promise<void> => {
    const worker = new Worker(new URL("decode-worker.ts", import.meta.url), {
      type: "module",
      name: "decoding",
    });
    try {
      for (let chunk = chunks.shift(); chunk !== undefined; chunk = chunks.shift()) {
        const from = chunk * CHUNK;
        const part = files.slice(from, from + CHUNK);
        const decoded = await ask(worker, { id: chunk, files: part, side });
        pixels.set(decoded.pixels, from * size);
        refused.push(...decoded.refused.map((i) => from + i));
        done += part.length;
        onProgress(done);
      }
    } finally {
      worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return { pixels, refused };
}

function ask(worker: Worker, request: DecodeRequest): Promise<Decoded> {
  return new Promise((resolve, reject) => {
    worker.addEventListener("message", ({ data }: MessageEvent<Decoded>) => resolve(data), {
      once: true,
    });
    worker.addEventListener("error", ({ message }) => reject(new Error(message)), { once: true });
    worker.postMessage(request);
  });
}
