import { drawImage } from "../view/pixels.ts";
import { holdCamera } from "./camera.ts";
import { el } from "./dom.ts";
import { plural } from "./format.ts";

const THUMBS = 6;

export interface ClassCardEvents {
  readonly files: (files: File[]) => void;
  readonly changed: () => void;
  readonly side: () => number;
  readonly remove: () => void;
}

/** One class of the user's: its name, how many images it has, and how to add more. */
export class ClassCard {
  readonly element: HTMLLIElement;
  readonly #name: HTMLInputElement;
  readonly #said = el("span", { role: "status" });
  readonly #thumbs = el("div", { class: "thumbs", "aria-hidden": "true" });
  /** `[count, side, side, 3]` each. */
  pixels: Uint8Array[] = [];
  count = 0;
  /** Whether the user or a folder gave it its name. */
  named = false;

  constructor(name: string, events: ClassCardEvents) {
    this.#name = el("input", {
      type: "text",
      value: name,
      maxlength: 24,
      "aria-label": "Name of the class",
    });
    this.#name.addEventListener("change", () => {
      this.named = true;
      events.changed();
    });
    const files = el("input", {
      type: "file",
      multiple: true,
      accept: "image/*",
      "aria-label": `Pictures of ${name}`,
    });
    files.addEventListener("change", () => {
      events.files([...(files.files ?? [])]);
      files.value = "";
    });
    const camera = el("button", { type: "button" }, "Hold for camera");
    holdCamera(camera, {
      side: events.side,
      preview: (video) => this.#thumbs.replaceChildren(video),
      say: (words) => this.say(words),
      frames: (pixels) => {
        this.addPixels(pixels, events.side());
        events.changed();
      },
    });
    const remove = el("button", { type: "button", class: "link" }, "Remove");
    remove.addEventListener("click", events.remove);
    this.element = el(
      "li",
      {},
      this.#name,
      this.#thumbs,
      this.#said,
      el(
        "div",
        { class: "row" },
        el("label", { class: "file-button" }, files, "Pictures"),
        camera,
        remove,
      ),
    );
    this.say("no images yet");
  }

  get name(): string {
    return this.#name.value.trim() || "unnamed";
  }

  set name(name: string) {
    this.#name.value = name;
    this.named = true;
  }

  focus(): void {
    this.#name.select();
  }

  say(words: string): void {
    this.#said.textContent = words;
  }

  addPixels(pixels: Uint8Array, side: number): void {
    const size = side * side * 3;
    if (pixels.length > 0) this.pixels.push(pixels);
    this.count += pixels.length / size;
    this.say(plural(this.count, "image"));
    const shown = this.pixels
      .toReversed()
      .flatMap((part) =>
        Array.from({ length: Math.min(THUMBS, part.length / size) }, (_, i) =>
          part.subarray(i * size, (i + 1) * size),
        ),
      );
    this.#thumbs.replaceChildren(
      ...shown.slice(0, THUMBS).map((image) => {
        const canvas = el("canvas");
        drawImage(canvas, image, side);
        return canvas;
      }),
    );
  }
}
