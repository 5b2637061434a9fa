import { el } from "./dom.ts";
import { notice } from "./notices.ts";

/** Milliseconds between two frames: fifteen in a second. */
const FRAME = 66;

export interface CameraEvents {
  readonly side: () => number;
  readonly preview: (video: HTMLVideoElement) => void;
  readonly say: (words: string) => void;
  /** `[count, side, side, 3]` of one hold. */
  readonly frames: (pixels: Uint8Array) => void;
}

/** While the button is held, by pointer or by space bar, the camera's frames are collected. */
export function holdCamera(button: HTMLButtonElement, events: CameraEvents): void {
  let held = false;
  const begin = (): void => {
    if (held) return;
    held = true;
    void collect(() => held, events).finally(() => (held = false));
  };
  const end = (): void => void (held = false);
  button.addEventListener("pointerdown", begin);
  for (const name of ["pointerup", "pointerleave", "pointercancel", "blur"])
    button.addEventListener(name, end);
  button.addEventListener("keydown", ({ key }) => key === " " && begin());
  button.addEventListener("keyup", end);
}

async function collect(
  held: () => boolean,
  { side, preview, say, frames }: CameraEvents,
): Promise<void> {
  let stream: MediaStream;
  try {
    if (!navigator.mediaDevices) throw new Error("it needs a secure page, https or localhost");
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch (error) {
    notice("camera", `There is no camera for this page: ${(error as Error).message}.`, {
      bad: true,
      advice: "Allow the camera in the address bar, or drop pictures instead.",
    });
    return;
  }
  const video = el("video", { muted: true, playsinline: true });
  video.srcObject = stream;
  try {
    preview(video);
    await video.play();
    const size = side();
    const canvas = el("canvas", { width: size, height: size });
    const context = canvas.getContext("2d", { willReadFrequently: true })!;
    const taken: Uint8Array[] = [];
    while (held()) {
      taken.push(frame(video, context, size));
      say(`${taken.length} frames`);
      await new Promise((resolve) => setTimeout(resolve, FRAME));
    }
    const pixels = new Uint8Array(taken.length * size * size * 3);
    taken.forEach((image, i) => pixels.set(image, i * size * size * 3));
    frames(pixels);
  } finally {
    stream.getTracks().forEach((track) => track.stop());
  }
}

function frame(
  video: HTMLVideoElement,
  context: CanvasRenderingContext2D,
  side: number,
): Uint8Array {
  const { videoWidth: width, videoHeight: height } = video;
  const size = Math.min(width, height);
  context.drawImage(video, (width - size) / 2, (height - size) / 2, size, size, 0, 0, side, side);
  const { data } = context.getImageData(0, 0, side, side);
  const pixels = new Uint8Array(side * side * 3);
  for (let p = 0; p < side * side; p++) pixels.set(data.subarray(4 * p, 4 * p + 3), 3 * p);
  return pixels;
}
