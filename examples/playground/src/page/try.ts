import { decodePictures } from "../decode/decoder.ts";
import { drawImage } from "../view/pixels.ts";
import type { App } from "./app.ts";
import { byId, el } from "./dom.ts";
import { percent } from "./format.ts";
import { clearNotice, notice } from "./notices.ts";

/** A picture of the user's, and what the network says about it. */
export class TryPicture {
  readonly #app: App;
  readonly #canvas = el("canvas", {
    role: "img",
    "aria-label": "Your picture as the network sees it",
  });
  readonly #bars = el("ul", { class: "bars-list", "aria-live": "polite" });
  readonly #answer = el("div", { class: "answer", hidden: true }, this.#canvas, this.#bars);
  /** Of the network that answers: the one that was opened, or else the one that trains. */
  network: { readonly classes: readonly string[]; readonly side: number } | undefined;

  constructor(app: App) {
    this.#app = app;
    const input = el("input", { type: "file", accept: "image/*", id: "try-file" });
    input.addEventListener("change", () => {
      const [file] = input.files ?? [];
      if (file) void this.show(file);
      input.value = "";
    });
    byId("try").append(
      el(
        "p",
        { class: "drop" },
        "Drop a picture here, or ",
        el("label", { class: "file-button", for: "try-file" }, input, "choose one"),
        " The network sees the square in its middle, as small as its training images.",
      ),
      this.#answer,
    );
    app.on("classified", ({ probabilities }) => this.#say(probabilities));
  }

  async show(file: File): Promise<void> {
    if (!this.network) {
      notice("try", "There is no network to ask yet.", {
        advice: "Train one, or open a link to one.",
      });
      return;
    }
    const { side } = this.network;
    const { pixels, refused } = await decodePictures([file], side, () => undefined);
    if (refused.length > 0) {
      notice("try", `“${file.name}” is no picture that this browser can read.`, {
        bad: true,
        advice: "PNG, JPEG, WebP, GIF and BMP work everywhere.",
      });
      return;
    }
    clearNotice("try");
    drawImage(this.#canvas, pixels, side);
    this.#app.send({ type: "classify", side, pixels });
  }

  #say(probabilities: Float32Array): void {
    const { classes } = this.network!;
    const order = [...probabilities.keys()].sort((a, b) => probabilities[b]! - probabilities[a]!);
    this.#bars.replaceChildren(
      ...order.map((i) =>
        el(
          "li",
          {},
          el("span", {}, classes[i] ?? `class ${i}`),
          el("i", { style: `width: ${Math.max(0.5, 100 * probabilities[i]!)}%` }),
          el("span", {}, percent(probabilities[i]!, 0)),
        ),
      ),
    );
    this.#answer.hidden = false;
  }
}
