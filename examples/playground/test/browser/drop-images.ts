import type { Page } from "playwright-core";

export interface Dropping {
  readonly name: string;
  readonly type: string;
  readonly count: number;
}

/** Drops files that the page makes itself: BMPs are drawn, all others hold a few bytes of nothing. */
export async function dropImages(
  page: Page,
  target: string,
  files: readonly Dropping[],
): Promise<void> {
  await page.evaluate(
    ({ selector, wanted }) => {
      const side = 40;
      const bitmap = (seed: number): Uint8Array<ArrayBuffer> => {
        const bytes = new Uint8Array(54 + side * side * 3);
        const view = new DataView(bytes.buffer);
        bytes.set([0x42, 0x4d]);
        view.setUint32(2, bytes.length, true);
        view.setUint32(10, 54, true);
        view.setUint32(14, 40, true);
        view.setInt32(18, side, true);
        view.setInt32(22, side, true);
        view.setUint16(26, 1, true);
        view.setUint16(28, 24, true);
        for (let i = 54; i < bytes.length; i++)
          bytes[i] = (seed * 7919 + i * (1 + (seed % 5))) & 255;
        return bytes;
      };
      const transfer = new DataTransfer();
      for (const { name, type, count } of wanted) {
        for (let i = 0; i < count; i++) {
          const content = type === "image/bmp" ? bitmap(i) : new Uint8Array([1, 2, 3]);
          transfer.items.add(
            new File([content], count === 1 ? name : `${name}-${i}.${type.split("/")[1]}`, {
              type,
            }),
          );
        }
      }
      const event = new DragEvent("drop", {
        dataTransfer: transfer,
        bubbles: true,
        cancelable: true,
      });
      document.querySelector(selector)!.dispatchEvent(event);
    },
    { selector: target, wanted: files },
  );
}
